package app_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/internal/platform/config"
)

func refcodeSpec(agency, state string) object {
	return object{"agency": agency, "title": object{"id": "Daftar uji"}, "state": state}
}

func standardSpec(agency string) object {
	return object{"agency": agency, "authority": "pembina.go.id", "version": 1, "field": "uji", "name": "Standar uji", "concept": "Uji", "definition": "Untuk uji."}
}

// A list of codes is called as any other LID: with a key and a grant, by date,
// and with a record of it.
func TestAListOfCodesIsCalledAsALID(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		api.put(t, "Agency", ownAgency, agencySpec("Sendiri"))
		api.put(t, "Application", ownApp, applicationSpec("Aplikasi"))
		api.put(t, "RefCode", "hari-pasaran", merged(refcodeSpec(ownAgency, "published"), object{"codes": []object{
			{"code": "1", "name": object{"id": "Lama"}, "until": "2020-01-01"},
			{"code": "1", "name": object{"id": "Baru"}, "from": "2020-01-01"},
			{"code": "1.1", "parent": "1", "name": object{"id": "Anak"}},
		}}))
		made := decode[struct{ LID string }](t, api.must(t, http.StatusOK, http.MethodPost, "/refcodes/hari-pasaran/lid", nil))
		if made.LID != "referensi/HariPasaran" {
			t.Fatalf("the LID is %q", made.LID)
		}
		api.put(t, "Grant", "kode", grantSpec(made.LID, ownApp))
		key := api.key(t, ownApp)

		for _, ask := range []struct {
			path   string
			status int
			holds  string
		}{
			{"", 200, `"kode":"1","nama":"Baru"`},
			{"?tanggal=2019-01-01", 200, `"nama":"Lama"`},
			{"?induk=1", 200, `"kode":"1.1"`},
			{"?q=anak", 200, `"kode":"1.1"`},
			{"?induk=*&limit=1", 200, `"next":"`},
			{"/1?tanggal=2019-12-31", 200, `"nama":"Lama"`},
			{"/1/padanan", 200, `"items":[]`},
			{"/9", 404, `not_found`},
			{"?warna=1", 400, `warna`},
			{"?tanggal=kemarin", 400, `tanggal`},
		} {
			got := call(t, api.client, at.Gateway+"/"+made.LID+ask.path, key)
			if got.status != ask.status || !strings.Contains(got.text, ask.holds) {
				t.Errorf("%s: %d %s", ask.path, got.status, got.text)
			}
			api.record(t, got.header.Get("Exchange-Id"))
		}
		if got := call(t, api.client, at.Gateway+"/"+made.LID, ""); got.status != http.StatusUnauthorized {
			t.Errorf("without a key: %d %s", got.status, got.text)
		}
	})
}

func bindingSpec() object {
	return object{"fields": []object{{"field": "items", "list": "tetangga-daftar"}}}
}

func metadataSpec(agency string) object {
	return object{"form": "ms-ind", "agency": agency, "values": object{"nama": "Indikator"}}
}
