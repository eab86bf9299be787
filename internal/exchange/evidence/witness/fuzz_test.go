package witness

import (
	"bytes"
	"strconv"
	"testing"
	"time"

	"simpul/internal/platform/clock"
)

// Whatever arrives is refused or is exactly what the writer would have written.
func FuzzSubmission(f *testing.F) {
	l := newTree(f)
	l.grow("a", 13)
	role := newRole(f, bpk, clock.Fixed(noon), l)
	for _, s := range []Submission{l.submission(0, 5), l.submission(5, 5), l.submission(8, 13)} {
		f.Add(s.Bytes())
	}
	f.Add([]byte("old 1\n\n\n"))
	f.Add([]byte("old 18446744073709551615\n\n— x AAAA\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := ParseSubmission(body)
		if err != nil {
			return
		}
		if got := s.Bytes(); !bytes.Equal(got, body) {
			t.Fatalf("%q is written as %q", body, got)
		}
		before := role.Logs()[0]
		line, err := role.Add(s)
		if after := role.Logs()[0]; after.Size < before.Size || after.Size == before.Size && after.Root != before.Root {
			t.Fatalf("%q moved the witness from %+v to %+v", body, before, after)
		}
		if (line == "") == (err == nil) {
			t.Fatalf("%q: %q, %v", body, line, err)
		}
	})
}

// No body of an answer passes but a cosignature of the key over the text.
func FuzzAnswer(f *testing.F) {
	l := newTree(f)
	l.grow("a", 13)
	text := textOf(f, l.at(13))
	signer := newSigner(bpk, make([]byte, 32))
	f.Add([]byte(signer.Cosign(text, noon)))
	f.Add([]byte(newSigner("lain", make([]byte, 32)).Cosign(text, noon) + signer.Cosign(text, noon)))
	f.Add([]byte(signer.Cosign(text, noon.Add(-time.Hour))))
	f.Add([]byte("— a AAAAAA==\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := parseCosignatures(body, signer.Key, text, noon)
		if err != nil {
			return
		}
		if want := signer.Cosign(text, c.at); c.line != want || !bytes.Contains(body, []byte(want)) {
			t.Fatalf("%q passes as %q", body, c.line)
		}
		if c.at.Before(noon.Add(-maxBehind)) || c.at.After(noon.Add(maxAhead)) {
			t.Fatalf("cosigned at %v", c.at)
		}
	})
}

// A checkpoint that is read is written in one way.
func FuzzCheckpoint(f *testing.F) {
	l := newTree(f)
	l.grow("a", 3)
	f.Add(textOf(f, l.at(3)))
	f.Add(textOf(f, l.at(0)))
	f.Add("a\n00\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCheckpoint(text)
		if err != nil {
			return
		}
		want := c.Origin + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + strict.EncodeToString(c.Root[:]) + "\n"
		if len(text) < len(want) || text[:len(want)] != want {
			t.Fatalf("%q is read as %q", text, want)
		}
	})
}
