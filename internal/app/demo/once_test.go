package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/exchange/evidence"
)

// The first exchange: Bandung asks Kemendagri for the nation's regencies and
// cities, and what arrives is what is on record.
func doesTheFirstExchange(t *testing.T, n *Nation, at app.Ready) {
	got, err := n.Once(t.Context(), at.Gateway)
	if err != nil {
		t.Fatal(err)
	}
	want := Exchange{LID: "master/Kota", Status: http.StatusOK, Items: 514, Hubs: []simpul.AgencyID{Operator}, Evidence: "valid"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Exchange{}, "ID", "DurationMS", "Body")); diff != "" {
		t.Error(diff)
	}
	if _, err := simpul.ParseExchangeID(string(got.ID)); err != nil || got.DurationMS <= 0 {
		t.Errorf("exchange %q took %v ms: %v", got.ID, got.DurationMS, err)
	}
}

// What the welcome text promises works: a refusal without a grant, and with one
// only the granted fields.
func keepsTheWelcomesPromises(t *testing.T, n *Nation, at app.Ready) {
	if status, text := checkNIK(t, n, at, n.Credentials.APIKey); status != http.StatusForbidden || !strings.Contains(text, string(ProviderAgency)) {
		t.Errorf("without a grant: %d %s", status, text)
	}
	status, text := checkNIK(t, n, at, n.Credentials.AidKey)
	want := `{"nik":"` + n.Example.NIK.String() + `","nama":"` + n.Example.Name + `","sintetis":true}`
	if status != http.StatusOK || text != want {
		t.Errorf("with a grant: %d %s, want %s", status, text, want)
	}
}

func checkNIK(t *testing.T, n *Nation, at app.Ready, key string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.Gateway+"/kependudukan/CekNIK", strings.NewReader(`{"nik":"`+string(n.Example.NIK)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", key)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func tellsARefusal(t *testing.T, n Nation, at app.Ready) {
	n.Credentials.APIKey = "spk_unknown"
	got, err := n.Once(t.Context(), at.Gateway)
	if err == nil || got.Status != http.StatusUnauthorized || got.Evidence != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAgreeTellsARecordFromAnother(t *testing.T) {
	body := []byte(`{"items":[]}`)
	sum := sha256.Sum256(body)
	record := func(change func(*simpul.Exchange)) evidence.Indexed {
		x := simpul.Exchange{
			Address: onceLID, Consumer: simpul.Consumer{Application: BandungApplication}, Provider: ProviderAgency,
			Status: http.StatusOK, ResponseBytes: int64(len(body)), ResponseDigest: simpul.Digest(hex.EncodeToString(sum[:])),
		}
		change(&x)
		return evidence.Indexed{Exchange: x}
	}
	for name, c := range map[string]struct {
		change func(*simpul.Exchange)
		agrees bool
	}{
		"the record":          {func(*simpul.Exchange) {}, true},
		"another LID":         {func(x *simpul.Exchange) { x.Address = "master/Desa" }, false},
		"another application": {func(x *simpul.Exchange) { x.Consumer.Application = AidApplication }, false},
		"another provider":    {func(x *simpul.Exchange) { x.Provider = Operator }, false},
		"another status":      {func(x *simpul.Exchange) { x.Status = http.StatusAccepted }, false},
		"another length":      {func(x *simpul.Exchange) { x.ResponseBytes++ }, false},
		"another digest":      {func(x *simpul.Exchange) { x.ResponseDigest = "00" + x.ResponseDigest[2:] }, false},
		"no digest":           {func(x *simpul.Exchange) { x.ResponseDigest = "" }, false},
	} {
		if err := agree(record(c.change), body); (err == nil) != c.agrees {
			t.Errorf("%s: %v", name, err)
		}
	}
}
