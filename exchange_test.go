package simpul_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
)

var opened = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// RFC 9562 section 5.7: 48 bits of Unix milliseconds, version 7, variant 10.
func TestNewExchangeIDIsAUUIDVersion7(t *testing.T) {
	for _, at := range []time.Time{opened, time.UnixMilli(0), time.UnixMilli(1), opened.Add(200 * 365 * 24 * time.Hour)} {
		id := simpul.NewExchangeID(at)
		if _, err := simpul.ParseExchangeID(string(id)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Errorf("%s has version %c and variant digit %c", id, id[14], id[19])
		}
		ms, err := strconv.ParseInt(string(id[:8]+id[9:13]), 16, 64)
		if err != nil || ms != at.UnixMilli() {
			t.Errorf("%s holds %d ms, want %d", id, ms, at.UnixMilli())
		}
	}
}

func TestExchangeIDsSortByTime(t *testing.T) {
	var ids []simpul.ExchangeID
	for i := range 2000 {
		ids = append(ids, simpul.NewExchangeID(opened.Add(time.Duration(i)*time.Millisecond)))
	}
	if !slices.IsSorted(ids) {
		t.Error("identifiers are not in the order of their times")
	}
}

func TestExchangeIDsOfOneInstantDiffer(t *testing.T) {
	seen := map[simpul.ExchangeID]bool{}
	for range 2000 {
		seen[simpul.NewExchangeID(opened)] = true
	}
	if len(seen) != 2000 {
		t.Errorf("2000 exchanges have %d identifiers", len(seen))
	}
}

func TestParseExchangeID(t *testing.T) {
	const good = "01890a5d-ac96-774b-bcce-b302099a8057"
	if id, err := simpul.ParseExchangeID(good); err != nil || id != good {
		t.Errorf("got %q, %v", id, err)
	}
	for _, bad := range []string{
		"", good[:35], good + "0", strings.ToUpper(good), strings.ReplaceAll(good, "-", ""), "{" + good[1:35] + "}",
		"01890a5d+ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a805g", "01890a5d-ac96-774b-bcce-b302099a80\x007",
		"0-890a5d-ac96-774b-bcce-b302099a8057", strings.Repeat("é", 18),
	} {
		got, err := simpul.ParseExchangeID(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "exchange")
	}
}

func TestAnExchangeIDTellsItsTime(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 30, 0, 123_000_000, time.UTC)
	for id, want := range map[simpul.ExchangeID]time.Time{
		simpul.NewExchangeID(at): at, "": {}, "0": {}, "zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz": {},
	} {
		if got := id.Time(); !got.Equal(want) {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}
