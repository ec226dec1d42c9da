-- wrk script: sends one request over and over and writes every answer, as "STATUS LENGTH\nBODY\n", to a file per thread.
-- BENCH_BODY is the form to send, BENCH_ANSWERS the directory for the files; both come from tests/bench/load.py.

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  wrk.method = "POST"
  wrk.body = os.getenv("BENCH_BODY")
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  prepared = wrk.format()
  file = assert(io.open(os.getenv("BENCH_ANSWERS") .. "/" .. number, "wb"))
  file:setvbuf("full", 1048576)
end

function request()
  return prepared
end

function response(status, headers, body)
  file:write(status, " ", #body, "\n", body, "\n")
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '{"answers": %d, "seconds": %f, "failures": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    failed.connect + failed.read + failed.write + failed.timeout + failed.status,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
