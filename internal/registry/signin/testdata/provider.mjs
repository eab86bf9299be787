// An OpenID provider of somebody else's making: node provider.mjs CALLBACK.
// Prints its issuer once it serves. Anybody may sign in, by any password.
import { createServer } from "node:http";
import { once } from "node:events";

const { Provider } = await import(process.env.OIDC_PROVIDER);
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "simpul", client_secret: "rahasia-klien", redirect_uris: [process.argv[2]], response_types: ["code"], grant_types: ["authorization_code"] }],
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["preferred_username"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@bandungkota.go.id`, email_verified: true, preferred_username: id }),
  }),
  cookies: { keys: ["peragaan"] },
});
server.on("request", provider.callback());
console.log(issuer);
process.stdin.resume().on("end", () => process.exit(0)); // ends with whoever started it
