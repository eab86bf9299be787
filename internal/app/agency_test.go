package app_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"simpul/internal/platform/config"
)

// A right key from a wrong place is refused, recorded as evidence, and comes
// into the audit trail with the place; an access token got with it is bound
// likewise.
func TestAddressesBindKeysAndTokens(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != http.StatusOK {
		t.Fatalf("got %d %s", got.status, got.text)
	}
	token := accessToken(t, api, at.Gateway, key)

	path := itemPath("Agency", consumerAgency) + "/addresses"
	api.must(t, http.StatusOK, http.MethodPut, path, object{"addresses": []string{"203.0.113.0/24"}})
	for what, credential := range map[string]string{"key": key, "token": token} {
		got := call(t, api.client, at.Gateway+"/uji/Data", credential)
		if got.status != http.StatusForbidden || !strings.Contains(got.text, "127.0.0.1") {
			t.Errorf("%s: got %d %s", what, got.status, got.text)
		}
		if found := api.record(t, got.header.Get("Exchange-Id")); found.Outcome != "denied" {
			t.Errorf("%s: recorded as %+v", what, found)
		}
	}
	api.must(t, http.StatusOK, http.MethodPut, path, object{"addresses": []string{"127.0.0.1"}})
	if got := call(t, api.client, at.Gateway+"/uji/Data", token); got.status != http.StatusOK {
		t.Errorf("from the right place: %d %s", got.status, got.text)
	}
}

func accessToken(t *testing.T, api *control, gateway, key string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, gateway+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(consumerApp), key)
	res, err := api.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return decode[struct {
		Token string `json:"access_token"`
	}](t, answer{text: readAll(t, res)}).Token
}

// An agency without approval calls open LIDs of others, and no restricted ones
// even with a grant.
func TestApprovalOpensRestrictedLIDs(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		key := api.settle(t)
		api.offer(t, "Terbuka", answering(t, `{"items":[]}`), object{"class": "terbuka"}, nil)
		api.offer(t, "Terbatas", answering(t, `{"items":[]}`), object{"class": "terbatas"}, nil)
		expect := func(when, lid string, want int) {
			t.Helper()
			if got := call(t, api.client, at.Gateway+"/uji/"+lid, key); got.status != want {
				t.Errorf("%s, %s: got %d %s", when, lid, got.status, got.text)
			}
		}
		expect("operational", "Terbatas", http.StatusOK)
		path := itemPath("Agency", consumerAgency) + "/standing"
		api.must(t, http.StatusOK, http.MethodPut, path, object{"standing": "trial"})
		expect("in trial", "Terbuka", http.StatusOK)
		expect("in trial", "Terbatas", http.StatusForbidden)
		api.must(t, http.StatusOK, http.MethodPut, path, object{"standing": "operational", "letterNumber": "1/2026", "letterDate": "2026-01-02"})
		expect("approved", "Terbatas", http.StatusOK)
	})
}

// Whoever makes a key on the screen gets a call that works as it stands.
func TestTheFirstCallWorks(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	api.settle(t)
	api.offer(t, "Terbuka", answering(t, `{"items":[]}`), object{"class": "terbuka"}, nil)
	api.put(t, "Application", "baru@"+consumerAgency, applicationSpec("Baru"))

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	defer browser.CloseIdleConnections()
	post := func(path string, form url.Values) string {
		res, err := browser.PostForm(at.Control+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return readAll(t, res)
	}
	post("/masuk", url.Values{"token": {api.token.Reveal()}, "next": {"/"}})
	page := post("/aplikasi/baru@"+consumerAgency+"/kunci", url.Values{"days": {"90"}})
	command := regexp.MustCompile(`X-API-Key: (spk_[a-z2-7]{33}).*\n\s*&#39;(http://[^&]+)&#39;`).FindStringSubmatch(page)
	if command == nil {
		t.Fatalf("no call is shown: %s", page)
	}
	if got := call(t, api.client, command[2], command[1]); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.text)
	}
}

func readAll(t *testing.T, res *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
