// A strict authorisation server (oidc-provider) for tests, loopback only: rotation with reuse detection, PKCE, introspection and
// revocation; GET /__fault?mode=503|html|lost strikes the next token request once, GET /__count tells how many there were.
import { createPublicKey, randomBytes } from "node:crypto";
import { jwtVerify } from "jose";
import { Provider } from "oidc-provider";

const [port, redirect] = [Number(process.env.PORT), process.env.REDIRECT];
/** @param {string} id @param {string} method */
const client = (id, method) => ({ client_id: id, client_secret: "canary-client-secret-4711", redirect_uris: [redirect], response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"], token_endpoint_auth_method: method });

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("kartei-app", "client_secret_basic"), client("kartei-post", "client_secret_post"),
    { client_id: "kartei-signs", redirect_uris: [], response_types: [], grant_types: [JWT_BEARER], token_endpoint_auth_method: "none" }],
  cookies: { keys: [randomBytes(16).toString("hex")] },
  pkce: { required: () => true },
  scopes: ["openid", "offline_access", "crm.contacts"],
  features: { clientCredentials: { enabled: true }, revocation: { enabled: true }, introspection: { enabled: true }, devInteractions: { enabled: true },
    resourceIndicators: { enabled: true, defaultResource: () => "urn:crm", useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: "crm.contacts", accessTokenTTL: 60, accessTokenFormat: "opaque" }) } },
  ttl: { AccessToken: 60, RefreshToken: 3600, AuthorizationCode: 60, Grant: 3600, Session: 3600, Interaction: 600, IdToken: 600 },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  claims: { email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, email: "test@muster.example", email_verified: true, name: "Test" }) }),
});

// RFC 7523: assertions that are for us, by the app, for its user, signed with the key whose public half is in PUBLIC_KEY.
provider.registerGrantType(JWT_BEARER, async (ctx) => {
  const { client, params, provider: own } = ctx.oidc;
  try {
    const { payload } = await jwtVerify(String(params.assertion), createPublicKey(process.env.PUBLIC_KEY || ""),
      { algorithms: ["RS256"], issuer: client.clientId, subject: "user1", audience: `http://127.0.0.1:${port}/token` });
    if (!payload.jti || payload.exp > Date.now() / 1000 + 180) throw new Error("jti, exp");
  } catch (error) {
    Object.assign(ctx, { status: 400, body: { error: "invalid_grant", error_description: String(error) } });
    return;
  }
  const token = new own.ClientCredentials({ client, scope: "crm.contacts" });
  ctx.body = { access_token: await token.save(), token_type: "Bearer", expires_in: token.expiration, scope: "crm.contacts" };
}, ["assertion", "scope"]);

let fault = "", count = 0;
provider.use(async (ctx, next) => {
  if (ctx.path === "/__fault") {
    fault = String(ctx.query.mode || "");
    ctx.body = {};
  } else if (ctx.path === "/__count") {
    ctx.body = { count };
  } else if (ctx.path === "/token") {
    count += 1;
    const now = fault;
    fault = "";
    if (now === "503") Object.assign(ctx, { status: 503, body: "busy" }).set("Retry-After", "2");
    else if (now === "html") Object.assign(ctx, { status: 502, type: "text/html", body: "<h1>Bad gateway</h1>" });
    else await next();
    if (now === "lost") ctx.req.socket.destroy(); // rotated, and nobody learns it
  } else await next();
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
