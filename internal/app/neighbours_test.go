package app_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

// neighbours is a hub with two tenants that have nothing to do with each other.
type neighbours struct {
	*control    // as the operator
	createToken func(context.Context, simpul.Role, simpul.AgencyID) (simpul.Secret, error)
	operations  []httpapi.Operation
	ownKey      string
	otherKey    string // identifier of the other's key
	otherText   string // its text
	own         string // the own application's exchange
	exchange    string // of the other's application with the other's LID
	proposal    string // of the other tenant
	incident    string // of the other tenant
	request     string // for access, of the other tenant to itself
	cursor      string // of the operator's list of exchanges, just before that one
}

func newNeighbours(t *testing.T, c config.Config) *neighbours {
	t.Helper()
	hub := open(t, c)
	n := &neighbours{operations: hub.API(http.NewServeMux()).Operations()}
	token, err := hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	at := run(t, hub)
	n.control = &control{url: at.Control + "/api/v1", token: token, client: newClient(t)}
	n.createToken = hub.Identity.CreateToken
	upstream := answering(t, `{"items":[]}`)
	hidden := answering(t, `{"items":[]}`) + "/" + secret

	n.put(t, "Agency", ownAgency, agencySpec("Sendiri"))
	n.put(t, "Application", ownApp, applicationSpec("Aplikasi"))
	n.put(t, "LID", "sendiri/Terbit", lidSpec(ownAgency, upstream))
	n.put(t, "Grant", "sendiri-izin", grantSpec("sendiri/Terbit", ownApp))
	n.ownKey = n.key(t, ownApp)

	n.put(t, "Agency", otherAgency, agencySpec("Tetangga"))
	n.put(t, "Application", otherApp, object{"name": secret, "description": secret})
	n.put(t, "LID", "tetangga/Rancangan", merged(lidSpec(otherAgency, hidden), object{"state": "draft", "title": secret}))
	n.put(t, "LID", "tetangga/Terbit", lidSpec(otherAgency, hidden))
	n.must(t, http.StatusCreated, http.MethodPost, "/accounts", object{"id": otherPerson, "name": secret, "email": otherMail, "roles": []object{{"role": "admin"}}})
	n.put(t, "RefCode", "tetangga-rancangan", merged(refcodeSpec(otherAgency, "draft"), object{"title": object{"id": secret}, "codes": []object{{"code": "rhs1", "name": object{"id": secret}}}}))
	n.put(t, "RefCode", "tetangga-daftar", refcodeSpec(otherAgency, "published"))
	n.put(t, "Binding", "tetangga/Rancangan", object{"fields": []object{{"field": "items", "list": "tetangga-daftar"}}})
	n.put(t, "Metadata", "tetangga-metadata", merged(metadataSpec(otherAgency), object{"values": object{"nama": secret}}))
	n.put(t, "Standard", "tetangga-standar", merged(standardSpec(otherAgency), object{"definition": secret}))
	n.put(t, "Grant", "tetangga-izin", merged(grantSpec("tetangga/Terbit", otherApp), object{"purpose": secret}))
	for _, id := range []string{"grant/tetangga-izin", "lid/tetangga/Terbit", "application/" + otherApp, "agency/" + otherAgency} {
		n.put(t, "Limit", id, object{"perDay": 1000, "note": secret})
	}
	made := decode[struct{ ID, Key string }](t, n.must(t, http.StatusCreated, http.MethodPost, itemPath("Application", otherApp)+"/keys", object{"label": secret}))
	n.otherKey, n.otherText = made.ID, made.Key

	waiting := n.must(t, http.StatusAccepted, http.MethodPut, itemPath("LID", "tetangga/Tertutup"), resource("LID", "tetangga/Tertutup", merged(lidSpec(otherAgency, hidden), object{"class": "tertutup", "title": secret})))
	n.proposal = decode[struct{ Proposal string }](t, waiting).Proposal

	n.put(t, "LID", "tetangga/Terbatas", merged(lidSpec(otherAgency, hidden), object{"class": "terbatas", "legalBasis": "Perpres 39/2019"}))
	asked := n.must(t, http.StatusCreated, http.MethodPost, "/requests", merged(accessAsk("tetangga/Terbatas", otherApp), object{"purpose": secret + " untuk melayani warga"}))
	n.request = decode[struct{ ID string }](t, asked).ID
	admin, err := n.createToken(t.Context(), simpul.RoleAdmin, otherAgency)
	if err != nil {
		t.Fatal(err)
	}
	noted := n.as(admin).must(t, http.StatusCreated, http.MethodPost, "/incidents", object{"application": otherApp, "from": "2026-01-01", "until": "2026-12-31"})
	n.incident = decode[struct{ ID string }](t, noted).ID

	n.exchange = call(t, n.client, at.Gateway+"/tetangga/Terbit", n.otherText).header.Get("Exchange-Id")
	n.own = call(t, n.client, at.Gateway+"/sendiri/Terbit", n.ownKey).header.Get("Exchange-Id")
	n.record(t, n.exchange)
	n.record(t, n.own)
	n.cursor = decode[struct{ Next string }](t, n.must(t, http.StatusOK, http.MethodGet, "/exchanges?limit=1", nil)).Next
	return n
}

// everything is what the hub holds, as the operator sees it.
func (n *neighbours) everything(t *testing.T) map[string]any {
	t.Helper()
	all := map[string]any{"exchanges": exchanges(t, n.control), "proposal": n.must(t, http.StatusOK, http.MethodGet, "/proposals/"+n.proposal, nil).text,
		"requests": n.must(t, http.StatusOK, http.MethodGet, "/requests", nil).text}
	for kind := range collections {
		if kind != "Account" {
			all[kind] = n.all(t, kind)
		}
	}
	all["people"] = n.must(t, http.StatusOK, http.MethodGet, "/accounts", nil).text
	all["roles"] = n.must(t, http.StatusOK, http.MethodGet, "/roles", nil).text
	for _, id := range []string{ownApp, otherApp} {
		all["keys of "+id] = n.must(t, http.StatusOK, http.MethodGet, itemPath("Application", id)+"/keys", nil).text
	}
	return all
}

// accessAsk is a well-formed request for access.
func accessAsk(lid, application string) object {
	return object{
		"lid": lid, "application": application, "purpose": "Melayani warga di loket kecamatan", "legalBasis": "UU 25/2009 pasal 4",
		"ratePerMinute": 60, "until": time.Now().AddDate(0, 6, 0).UTC().Format(time.RFC3339),
	}
}

// ageRecipient is a well-formed public key of age.
const ageRecipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// openIDSpec is a well-formed declaration of how an application signs people in.
var openIDSpec = object{
	"redirectUris": []string{"https://sendiri.go.id/masuk"}, "tokenEndpointAuthMethod": "client_secret_basic", "grantTypes": []string{"authorization_code"},
}

// publicKey is a well-formed EC key on P-256 (RFC 7517 appendix A.1).
var publicKey = object{
	"kty": "EC", "crv": "P-256",
	"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
	"y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
