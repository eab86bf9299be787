package simpul_test

import (
	"regexp"
	"testing"

	"simpul"
)

func TestNewSecret(t *testing.T) {
	seen := map[simpul.Secret]bool{}
	for _, prefix := range []string{"", "spk_", "spt_"} {
		shape := regexp.MustCompile("^" + prefix + "[a-z2-7]{26}$")
		for range 500 {
			s := simpul.NewSecret(prefix)
			if !shape.MatchString(s.Reveal()) {
				t.Fatalf("with prefix %q: %q does not look like one", prefix, s.Reveal())
			}
			seen[s] = true
		}
	}
	if len(seen) != 1500 {
		t.Errorf("1500 secrets are %d", len(seen))
	}
}

// The vector is of FIPS 180-2, appendix B.1.
func TestDigest(t *testing.T) {
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := simpul.Secret("abc").Digest(); got != abc {
		t.Errorf("got %s", got)
	}
}
