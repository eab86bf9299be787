package simpul_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"simpul"
)

// The vectors were computed by sha256sum.
func TestCommitmentsAreAsTheyAreDescribed(t *testing.T) {
	key := simpul.DigestKey([]byte("0123456789abcdef"))
	body := sha256.Sum256([]byte("abc"))
	for got, want := range map[simpul.Digest]simpul.Digest{
		simpul.DigestOf(body): "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		key.Request(body):     "keyed:6b182009c8ff262d233f75d77dee114b45c10b914e3dcb37fbf63ca4beb65f69",
		key.Response(body):    "keyed:d8b5d488fc4bd75219a7cff682567359e60d441fe142b9f6683322c3741b8a82",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestDigestsSayOfWhichKindTheyAre(t *testing.T) {
	sum := sha256.Sum256(nil)
	plain, keyed := simpul.DigestOf(sum), simpul.KeyedDigest(sum)
	if plain.Keyed() || !keyed.Keyed() || plain.Digits() != keyed.Digits() || plain == keyed || simpul.Digest("").Keyed() {
		t.Errorf("%s and %s", plain, keyed)
	}
}

func TestParseDigestKey(t *testing.T) {
	key := simpul.NewDigestKey()
	text := string(key.Append(nil))
	if got, ok := simpul.ParseDigestKey(text); !ok || got != key || len(text) != 22 {
		t.Errorf("%q came back otherwise", text)
	}
	for _, text := range []string{"", "AAAA", text + "==", text + "A", text[:21], text[:20] + "+/", text[:10] + "\n" + text[10:], strings.Repeat("A", 21) + "B", " " + text} {
		if _, ok := simpul.ParseDigestKey(text); ok {
			t.Errorf("%q is a key", text)
		}
	}
}

func TestDigestKeysDoNotPrint(t *testing.T) {
	key := simpul.DigestKey([]byte("0123456789abcdef"))
	x := simpul.Exchange{DigestKey: key}
	for _, printed := range []string{fmt.Sprint(key), fmt.Sprintf("%x %s %#v %d", key, key, key, key), fmt.Sprintf("%+v", x), key.LogValue().String()} {
		for _, told := range []string{"0123", "3031", "48 49", "MDEy", "0x30"} {
			if strings.Contains(printed, told) {
				t.Errorf("%s", printed)
			}
		}
	}
}

func FuzzParseDigestKey(f *testing.F) {
	f.Add("MDEyMzQ1Njc4OWFiY2RlZg")
	f.Add("AAAAAAAAAAAAAAAAAAAAAB")
	f.Fuzz(func(t *testing.T, text string) {
		if key, ok := simpul.ParseDigestKey(text); ok && string(key.Append(nil)) != text {
			t.Errorf("%q is read as %q", text, key.Append(nil))
		}
	})
}

func BenchmarkCommit(b *testing.B) {
	key, body := simpul.NewDigestKey(), sha256.Sum256(nil)
	b.ReportAllocs()
	for b.Loop() {
		key.Response(body)
	}
}

func BenchmarkNewDigestKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		simpul.NewDigestKey()
	}
}
