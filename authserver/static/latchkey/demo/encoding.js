// Base64url, random values, and what stands inside a JWT. Knows no protocol.

export function base64url(bytes) {
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytesOf(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
}

// 256 bits that nobody can guess, as 43 characters.
export function random() {
    return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

export async function sha256(text) {
    return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

// {header, claims} of a JWT, unverified; null for an opaque token.
export function decoded(token) {
    const parts = token.split(".");
    if (parts.length !== 3) {
        return null;
    }
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytesOf(part))));
    return { header, claims };
}

// Whether the RSA key `jwk` signed `token` (RS256).
export async function isSignedBy(token, jwk) {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, n: jwk.n, e: jwk.e }, algorithm, false, ["verify"]);
    const end = token.lastIndexOf(".");
    return crypto.subtle.verify(algorithm, key, bytesOf(token.slice(end + 1)), new TextEncoder().encode(token.slice(0, end)));
}
