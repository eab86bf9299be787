package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// identity are the fields by which the hub tells a provider who calls.
var identity = []string{"Exchange-Id", "Simpul-Application", "Simpul-Grant"}

// Nobody can tell a provider that he is somebody else: not with the fields by
// which the hub tells it, nor with those by which proxies do, however they are
// spelled, and not by making the hub's own fall away.
func TestIdentityCannotBeForged(t *testing.T) {
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	seen := newRecorder(t)
	origins := origins(t, seen)
	for _, o := range origins {
		hub.offer(t, o.lid, o.start(t), nil, nil)
	}
	before := gauge(t, hub)
	for _, c := range forgeries() {
		t.Run(c.name, func(t *testing.T) {
			for _, o := range origins {
				heads, bodies := attack{input: request("GET", "/uji/"+o.lid, append(slices.Clone(c.headers), "X-API-Key: "+key)...)}.on(t, hub.gateway)
				if len(heads) == 0 {
					t.Fatalf("%s: no answer", o.name)
				}
				if heads[0].StatusCode == http.StatusForbidden {
					t.Fatalf("%s: %s", o.name, bodies[0])
				}
				if heads[0].StatusCode != http.StatusOK {
					explains(t, heads[0], bodies[0])
					continue // refused, which is as well
				}
				id := heads[0].Header.Get("Exchange-Id")
				i := slices.IndexFunc(seen.of(o.name), func(a asked) bool { return a.id == id })
				if i < 0 {
					t.Fatalf("%s was not asked for exchange %s", o.name, id)
				}
				honest(t, o.name, id, "uji-"+strings.ToLower(o.lid), seen.of(o.name)[i].header)
			}
		})
	}
	steady(t, hub, before, 20)
}

type forgery struct {
	name    string
	headers []string
}

func forgeries() (all []forgery) {
	add := func(name string, headers ...string) { all = append(all, forgery{name, headers}) }
	names := append([]string{"Simpul-Purpose", "Simpul-Anything", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Client-Cert", "Forwarded", "X-Real-IP"}, identity...)
	for _, name := range names {
		underscored := strings.ReplaceAll(name, "-", "_")
		for _, spelling := range []string{name, strings.ToLower(name), strings.ToUpper(name), underscored, strings.ToLower(underscored), strings.Replace(name, "-", "_", 1)} {
			add(spelling, spelling+": jahat")
		}
		add(name+" twice", name+": jahat", name+": jahat")
		add(name+" that belongs to the connection", name+": jahat", "Connection: "+name)
		add(name+" that belongs to the connection, in another case", "Connection: keep-alive, "+strings.ToLower(name))
		add(name+" in a folded line", "X-A: b\r\n "+name+": jahat")
		add(name+" behind a tab", name+":\tjahat")
	}
	add("all that the hub sets", "Connection: "+strings.Join(identity, ", "))
	add("the hub's, one by one", "Connection: Exchange-Id", "Connection: Simpul-Application", "Connection: Simpul-Grant")
	add("the hub's, underscored", "Connection: Simpul_Application, Exchange_Id")
	add("certificate", "Client-Cert: jahat", "Client-Cert-Chain: jahat", "Client_Cert: jahat")
	add("cookies", "Cookie: sesi=jahat", "Cookie_: x")
	add("proxy credentials", "Proxy-Authorization: Basic jahat", "Proxy_Authorization: Basic jahat")
	add("authorization, underscored", "Authorization_: x", "X_API_Key: jahat")
	add("framing, underscored", "Content_Length: 4", "Transfer_Encoding: chunked")
	add("hop by hop", "TE: trailers, deflate", "Keep-Alive: timeout=9", "Proxy-Connection: keep-alive", "Trailer: Exchange-Id")
	return all
}

// honest checks what a provider was told.
func honest(t *testing.T, front, id, grant string, h http.Header) {
	t.Helper()
	want := map[string]string{"Exchange-Id": id, "Simpul-Application": consumerApp, "Simpul-Grant": grant}
	for name, value := range want {
		if got := h[name]; len(got) != 1 || got[0] != value {
			t.Errorf("%s was told %s %q, not %q", front, name, got, value)
		}
	}
	for name, values := range h {
		spelled := http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
		hubs := want[spelled] != "" && name == spelled
		switch {
		case hubs || name == "X-Front":
		case strings.HasPrefix(spelled, "Simpul-"), strings.HasPrefix(spelled, "X-Forwarded-"), slices.Contains(identity, spelled),
			slices.Contains([]string{"Forwarded", "X-Real-Ip", "Authorization", "X-Api-Key", "Cookie", "Proxy-Authorization", "Client-Cert", "Client-Cert-Chain", "Keep-Alive", "Proxy-Connection", "Trailer"}, spelled):
			t.Errorf("%s was told %s", front, fmt.Sprint(name, values))
		case spelled == "Content-Length" && !slices.Equal(values, []string{"0"}), spelled == "Transfer-Encoding":
			t.Errorf("%s was told %s", front, fmt.Sprint(name, values))
		}
	}
}
