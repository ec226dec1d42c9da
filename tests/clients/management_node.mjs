// What a script does with the npm package auth0, story by story: `node management_node.mjs STORY`, started by node.py.
// Each story judges the answers itself; it tells how the SDK names what it was refused, for test_auth0_node_management.py.

import { say } from './management.mjs'
import { stories as apis } from './management_apis.mjs'
import { stories as people } from './management_people.mjs'
import { stories as signIns } from './management_sign_ins.mjs'
import { stories as tenant } from './management_tenant.mjs'

const stories = { ...apis, ...people, ...signIns, ...tenant }

say({ told: await stories[process.argv[2]]() })
process.exit()
