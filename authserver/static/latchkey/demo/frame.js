// The answer of an authorization request in a hidden frame (response_mode=web_message). Listens to that frame only.

import { refused } from "./refused.js";

const PATIENCE = 10_000; // ms

export async function answerOfFrame(address, origin) {
    const frame = Object.assign(document.createElement("iframe"), { hidden: true, title: "Silent login", src: address });
    const listening = new AbortController();
    const answered = new Promise((resolve) => {
        const listen = (event) => {
            if (event.origin === origin && event.source === frame.contentWindow && event.data?.type === "authorization_response") {
                resolve(event.data.response);
            }
        };
        addEventListener("message", listen, { signal: listening.signal });
    });
    const late = new Promise((_, reject) => {
        setTimeout(() => reject(refused("timeout", "The server did not answer in the frame.")), PATIENCE);
    });
    document.body.append(frame);
    try {
        return await Promise.race([answered, late]);
    } finally {
        listening.abort();
        frame.remove();
    }
}
