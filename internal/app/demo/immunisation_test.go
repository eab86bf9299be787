package demo

import (
	"encoding/json"
	"mime"
	"strconv"
	"strings"
	"testing"
)

func TestHealthProviderKeepsItsContract(t *testing.T) {
	provider := HealthProvider(smallNation(t))
	doc := parseContract(t, ImmunisationContract)
	for target, want := range map[string]struct {
		path   string
		status int
	}{
		"":                      {"/", 200},
		"/":                     {"/", 200},
		"?limit=2":              {"/", 200},
		"?kode_wilayah=32.73":   {"/", 200},
		"?cursor=3&limit=1":     {"/", 200},
		"?kode_wilayah=32":      {"/", 400},
		"?kode_wilayah=99.99":   {"/", 404},
		"?limit=0":              {"/", 400},
		"?limit=101":            {"/", 400},
		"?cursor=-1":            {"/", 400},
		"?cursor=99999999":      {"/", 400},
		"?nik=3273016609849962": {"/", 400},
		"?limit=1&limit=2":      {"/", 400},
		"/IMZ-000001":           {"/{id}", 200},
		"/IMZ-999999":           {"/{id}", 404},
		"/..%2Fx":               {"/{id}", 404},
		"/IMZ-000001?x=1":       {"/{id}", 400},
	} {
		answer := ask(provider, "GET", "/imunisasi"+target, "")
		if answer.Code != want.status {
			t.Errorf("%s: %d, want %d", target, answer.Code, want.status)
			continue
		}
		media, _, err := mime.ParseMediaType(answer.Header().Get("Content-Type"))
		schema := doc.at("paths", want.path, "get", "responses", strconv.Itoa(answer.Code), "content", media, "schema")
		if err != nil || schema == nil {
			t.Errorf("%s: the contract has no answer of type %q", target, media)
			continue
		}
		var body any
		if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
			t.Errorf("%s: %v", target, err)
		}
		for _, fault := range doc.check(schema, body, "body") {
			t.Errorf("%s: %s", target, fault)
		}
	}
}

// Whoever follows next sees every dose once, and every child says of itself that
// it is invented.
func TestHealthProviderIsPagedAndSynthetic(t *testing.T) {
	provider := HealthProvider(smallNation(t))
	seen, total := map[string]bool{}, 0
	for cursor := "0"; cursor != ""; {
		page := decode[immunisationList](t, ask(provider, "GET", "/imunisasi?limit=3&cursor="+cursor, ""))
		total = page.Total
		for _, one := range page.Items {
			if seen[one.ID] || !one.Sintetis || !strings.HasPrefix(one.NamaAnak, "Contoh ") {
				t.Errorf("%+v", one)
			}
			seen[one.ID] = true
		}
		cursor = page.Next
	}
	if len(seen) != total || total == 0 {
		t.Errorf("%d of %d", len(seen), total)
	}
}

func TestHealthProviderHasNoOtherMethods(t *testing.T) {
	provider := HealthProvider(smallNation(t))
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if answer := ask(provider, method, "/imunisasi", "{}"); answer.Code != 405 || answer.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d", method, answer.Code)
		}
	}
	if answer := ask(provider, "GET", "/lain", ""); answer.Code != 404 {
		t.Errorf("%d", answer.Code)
	}
}

func TestHealthContractExamplesAreTrue(t *testing.T) {
	example := parseContract(t, ImmunisationContract).at("paths", "/{id}", "get", "responses", "200", "content", "application/json")["example"]
	sameJSON(t, example, ask(HealthProvider(nation(t)), "GET", "/imunisasi/IMZ-000001", "").Body.Bytes())
}
