// A plain sentence for each part of a token.

const moment = (seconds) => new Date(seconds * 1000).toLocaleString();

const SENTENCES = {
    alg: (value) => `How it is signed: ${value}. A private key signs, anybody can check with the published one.`,
    typ: (value) => (value === "at+jwt" ? "An access token by RFC 9068." : "It is a JSON Web Token."),
    kid: () => "The name of the key that signed it, as in the published key set.",
    iss: () => "Who issued it. An API accepts it from this issuer only.",
    sub: () => "Whom it is about: the user's ID, which never changes.",
    aud: (value) =>
        Array.isArray(value)
            ? "Whom it is for: the API, and our own userinfo endpoint, because openid was asked for."
            : "Whom it is for. Nobody else may accept it.",
    iat: (value) => `Issued on ${moment(value)}.`,
    exp: (value) => `Valid until ${moment(value)}.`,
    auth_time: (value) => `The password was given on ${moment(value)}.`,
    scope: () => "What it may be used for: what was asked, and allowed.",
    permissions: () => "What the user may do at the API.",
    azp: () => "The application that it was issued to.",
    client_id: () => "The application that it was issued to.",
    gty: (value) => `The grant that it comes from: ${value}.`,
    jti: () => "The token's own number.",
    nonce: () => "The value that this page sent with its request: the token belongs to this login.",
    sid: () => "The session in this browser. Applications that share it share the login.",
    amr: (value) => (value.includes("pwd") ? "How the user proved who they are: by password." : "How the user proved who they are."),
    acr: () => "How strong that proof was.",
    at_hash: () => "A hash of the access token: the two belong together.",
    c_hash: () => "A hash of the code: the two belong together.",
    s_hash: () => "A hash of the state: the answer belongs to the request.",
    name: () => "The user's full name, from the scope profile.",
    nickname: () => "What the user is called, from the scope profile.",
    given_name: () => "The user's first name, from the scope profile.",
    family_name: () => "The user's last name, from the scope profile.",
    picture: () => "The user's picture, from the scope profile.",
    updated_at: () => "When the profile was last changed.",
    email: () => "The user's e-mail address, from the scope email.",
    email_verified: (value) => (value ? "The address was checked to be the user's." : "Nobody has checked that address yet."),
};

export function sentence(name, value) {
    return SENTENCES[name]?.(value) ?? "A claim of your own.";
}
