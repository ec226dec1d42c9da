// An error that a person is told of, with its OAuth code.

export function refused(code, description) {
    return Object.assign(new Error(description || code), { code });
}
