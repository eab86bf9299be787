package gateway

import (
	"net/http"
	"testing"

	"simpul"
)

func TestCredentialOf(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		legacy []string
		want   simpul.Secret
		code   simpul.Code
	}{
		"API key":           {http.Header{"X-Api-Key": {"spk_a"}}, nil, "spk_a", ""},
		"bearer":            {http.Header{"Authorization": {"Bearer tok"}}, nil, "tok", ""},
		"scheme in capital": {http.Header{"Authorization": {"BEARER tok"}}, nil, "tok", ""},
		"none":              {http.Header{}, nil, "", ""},
		"empty key":         {http.Header{"X-Api-Key": {""}}, nil, "", simpul.CodeUnauthenticated},
		"empty bearer":      {http.Header{"Authorization": {"Bearer "}}, nil, "", simpul.CodeUnauthenticated},
		"basic":             {http.Header{"Authorization": {"Basic dTpw"}}, nil, "", simpul.CodeUnauthenticated},
		"two keys":          {http.Header{"X-Api-Key": {"a", "b"}}, nil, "", simpul.CodeInvalid},
		"key and bearer":    {http.Header{"X-Api-Key": {"a"}, "Authorization": {"Bearer b"}}, nil, "", simpul.CodeInvalid},
	} {
		got, err := credentialOf(c.header, c.legacy)
		if got != c.want || simpul.CodeOf(err) != c.code {
			t.Errorf("%s: got %q, %v", name, got.Reveal(), err)
		}
	}
}

// The header of the former hub counts on LIDs that take it, and nowhere else: it
// is no second credential there, and never reaches the provider.
func TestTheLegacyHeaderCountsWhereTheLIDTakesIt(t *testing.T) {
	for name, c := range map[string]struct {
		delivery *simpul.Delivery
		path     string
		header   []string
		keyless  bool
		status   int
	}{
		"taken":                 {&simpul.Delivery{LegacyHeader: true}, "/master/Kota", []string{"AuthorizationSPLP", "Bearer good"}, true, 200},
		"in other letters":      {&simpul.Delivery{LegacyHeader: true}, "/master/Kota", []string{"AUTHORIZATIONSPLP", "good"}, true, 200},
		"a wrong key":           {&simpul.Delivery{LegacyHeader: true}, "/master/Kota", []string{"AuthorizationSPLP", "Bearer bad"}, true, 401},
		"beside a key":          {&simpul.Delivery{LegacyHeader: true}, "/master/Kota", []string{"AuthorizationSPLP", "Bearer good"}, false, 400},
		"not taken":             {&simpul.Delivery{}, "/master/Kota", []string{"AuthorizationSPLP", "Bearer good"}, true, 401},
		"no delivery":           {nil, "/master/Kota", []string{"AuthorizationSPLP", "Bearer good"}, true, 401},
		"ignored beside a key":  {nil, "/master/Kota", []string{"AuthorizationSPLP", "Bearer other"}, false, 200},
		"an unknown LID":        {&simpul.Delivery{LegacyHeader: true}, "/master/Lain", []string{"AuthorizationSPLP", "Bearer good"}, true, 401},
		"an ambiguous address":  {&simpul.Delivery{LegacyHeader: true}, "/master//Kota", []string{"AuthorizationSPLP", "Bearer good"}, true, 401},
		"an underscore instead": {&simpul.Delivery{LegacyHeader: true}, "/master/Kota", []string{"Authorization_SPLP", "Bearer good"}, true, 401},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) })
			h.route.Delivery = c.delivery
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !c.keyless {
				r.Header.Set("X-Api-Key", "good")
			}
			r.Header.Set(c.header[0], c.header[1])
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != c.status {
				t.Fatalf("status %d, want %d", res.StatusCode, c.status)
			}
			if c.status == http.StatusOK && h.received.Header.Get("AuthorizationSPLP") != "" {
				t.Error("the credential reached the provider")
			}
		})
	}
}

// Whatever a client says of who calls, the provider hears it of the hub only.
func TestIdentityIsTheHubsToTell(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) })
	spoofed := []string{
		"Simpul-Application", "SIMPUL-GRANT", "Simpul_Application", "simpul-purpose", "X-Forwarded-For", "X_Forwarded_User", "x-forwarded-client-cert",
		"Forwarded", "X-Real-IP", "Client-Cert", "Client-Cert-Chain", "Cookie", "Proxy-Authorization", "AuthorizationSPLP",
	}
	var header []string
	for _, name := range spoofed {
		header = append(header, name, "dipalsukan")
	}
	res, _, err := h.do(t, http.MethodGet, "/master/Kota", nil, header...)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	for name, values := range h.received.Header {
		for _, v := range values {
			if v == "dipalsukan" {
				t.Errorf("%s came through", name)
			}
		}
	}
	if got := h.received.Header.Get("Simpul-Application"); got != "layanan@bandungkota.go.id" {
		t.Errorf("the provider heard of %q", got)
	}
}
