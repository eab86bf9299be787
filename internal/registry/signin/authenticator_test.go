package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// authenticator is a device that holds one passkey, as WebAuthn describes it.
type authenticator struct {
	t       testing.TB
	key     *ecdsa.PrivateKey
	id      []byte
	handle  string // base64url, as the hub gave it
	counter uint32
	flags   byte
	origin  string // of the page in which it believes to be
	rp      string
}

const present, verified, backupEligible, backedUp, attested = 0x01, 0x04, 0x08, 0x10, 0x40

func newAuthenticator(t testing.TB) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &authenticator{t: t, key: key, id: id, flags: present | verified, origin: place, rp: "hub.example.go.id"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) data(flags byte) []byte {
	rp := sha256.Sum256([]byte(a.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], flags), a.counter)
}

func (a *authenticator) client(kind string, options map[string]any) []byte {
	challenge := options["publicKey"].(map[string]any)["challenge"].(string)
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}

// create answers the options of a registration.
func (a *authenticator) create(options map[string]any) map[string]any {
	a.t.Helper()
	a.handle = options["publicKey"].(map[string]any)["user"].(map[string]any)["id"].(string)
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.t.Fatal(err)
	}
	data := slices.Concat(a.data(a.flags|attested), make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(a.id))), a.id, cose)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.credential(map[string]any{"clientDataJSON": b64(a.client("webauthn.create", options)), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// get answers the options of a sign-in.
func (a *authenticator) get(options map[string]any) map[string]any {
	a.t.Helper()
	client := a.client("webauthn.get", options)
	data := a.data(a.flags)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(slices.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.credential(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": a.handle})
}

func (a *authenticator) credential(response map[string]any) map[string]any {
	return map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}}
}

// joinWithPasskey brings somebody in with a passkey.
func (w *world) joinWithPasskey(t testing.TB, code string) (person, *authenticator) {
	t.Helper()
	p, device := person{window: w.window(t)}, newAuthenticator(t)
	p.post("/undangan", map[string][]string{"code": {code}})
	status, options := p.send("/undangan/passkey/mulai", map[string]any{})
	if status != 200 {
		t.Fatalf("begin: %d %v", status, options)
	}
	status, verdict := p.send("/undangan/passkey/selesai", map[string]any{"credential": device.create(options), "name": "Laptop kantor"})
	if status != 200 || verdict["next"] != "/akun/kode-pemulihan" {
		t.Fatalf("finish: %d %v", status, verdict)
	}
	p.codes = p.kept()
	return p, device
}

// use signs in with a passkey.
func (a *authenticator) use(b *window, finish, next string) (int, map[string]any) {
	a.t.Helper()
	status, options := b.send("/masuk/passkey/mulai", map[string]any{})
	if status != 200 {
		a.t.Fatalf("challenge: %d %v", status, options)
	}
	a.counter++
	return b.send(finish, map[string]any{"credential": a.get(options), "next": next})
}
