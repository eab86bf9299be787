package simpul_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"simpul"
)

func TestParseNIK(t *testing.T) {
	for _, good := range []string{
		"3273010101900001", // 1 January
		"3273014101900001", // the same day, a woman
		"3273012902010001", // 29 February: the century is not known, so it may have been
		"3273017112990001", // 31 December, a woman
		"3273013004059999",
		"9900000101000001", // a region that no list has is not refused
	} {
		if got, err := simpul.ParseNIK(good); err != nil || string(got) != good {
			t.Errorf("%q: got %v, %v", good, len(got), err)
		}
	}
	for _, bad := range []string{
		"", "327301010190000", "32730101019000011", "327301010190000a", "a273010101900001", "32730101 1900001",
		"3273010001900001", "3273013201900001", "3273014001900001", "3273017201900001", "3273010100900001",
		"3273010113900001", "3273013002900001", "3273013104900001", "3273010101900000", "３２７３０１０１",
		"3273010101900001\n", "\x003273010101900001",
	} {
		got, err := simpul.ParseNIK(bad)
		if got != "" {
			t.Errorf("%q was accepted", bad)
		}
		checkRefusal(t, err, "nik")
		if len(bad) > 4 && strings.Contains(err.Error(), bad[4:]) {
			t.Errorf("the refusal repeats what may be somebody's number: %v", err)
		}
	}
}

func FuzzParseNIK(f *testing.F) {
	for _, seed := range []string{"3273010101900001", "3273014101900001", "0000000000000000", "327301010190000x", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nik, err := simpul.ParseNIK(s)
		if err != nil {
			checkRefusal(t, err, "nik")
			return
		}
		if len(s) != 16 || strings.Trim(s, "0123456789") != "" {
			t.Errorf("%q was accepted", s)
		}
		if strings.Contains(fmt.Sprint(nik), s[2:14]) {
			t.Errorf("%q prints as %v", s, nik)
		}
	})
}

func TestNIKShowsItsEndsOnly(t *testing.T) {
	for nik, want := range map[simpul.NIK]string{
		"3273010101900042": "32************42",
		"":                 "************",
		"327301":           "************", // never parsed, so nothing of it is shown
	} {
		if got := nik.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// printed is every way in which a careless line could print a value.
func printed(t *testing.T, value any) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%c", "%U", "%t", "%20s", "%.3s", "%!"} {
		all[verb] = fmt.Sprintf(verb, value)
		all["slice of "+verb] = fmt.Sprintf(verb, []any{value})
		all["struct with "+verb] = fmt.Sprintf(verb, struct{ Value any }{value})
	}
	all["Errorf"] = fmt.Errorf("of %v", value).Error()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("said", "value", value, slog.Group("inner", "value", value))
		all[name] = b.String()
	}
	return all
}

func TestNIKAndSecretNeverPrint(t *testing.T) {
	const nik, secret = "3273010101900042", "spk_abcdefghijklmnopqrstuvwxyz"
	for _, c := range []struct {
		value  any
		hidden []string
	}{
		{simpul.NIK(nik), []string{nik, "01010190", fmt.Sprintf("%x", nik[4:12]), fmt.Sprintf("%X", nik[4:12]), fmt.Sprintf("% x", nik[4:12])}},
		{simpul.Secret(secret), []string{secret, "abcdef", "spk_", fmt.Sprintf("%x", secret[4:12]), fmt.Sprintf("%X", secret[4:12]), fmt.Sprintf("% x", secret[4:12])}},
	} {
		for way, text := range printed(t, c.value) {
			for _, hidden := range c.hidden {
				if strings.Contains(text, hidden) {
					t.Errorf("%T by %s prints %q", c.value, way, text)
				}
			}
		}
	}
}

// A NIK is data and travels in JSON; a secret leaves by Reveal only.
func TestNIKAndSecretInJSON(t *testing.T) {
	text, err := json.Marshal(struct {
		NIK simpul.NIK
		Key simpul.Secret
	}{"3273010101900042", "spk_abc"})
	if want := `{"NIK":"3273010101900042","Key":"••••"}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
	var back struct{ Key simpul.Secret }
	if err := json.Unmarshal([]byte(`{"Key":"spk_abc"}`), &back); err != nil || back.Key.Reveal() != "spk_abc" {
		t.Errorf("a secret that is received is lost: %v", err)
	}
}
