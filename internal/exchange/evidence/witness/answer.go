package witness

import (
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer, bytes. A witness sends one line of
// some 150, or a few where it has several keys.
const maxAnswer = 16 << 10

// How far the time in a cosignature may be from the hub's clock. A witness that
// sends an older one repeats itself; one from the future would pass for fresh
// when the tree has long changed.
const (
	maxBehind = 5 * time.Minute
	maxAhead  = time.Minute
)

// cosignature is a line that was checked.
type cosignature struct {
	line string // with its newline
	at   time.Time
}

// Why an answer of status 200 is no cosignature.
var (
	errSignature = errors.New("no valid cosignature of the witness's key")
	errBehind    = errors.New("the cosignature's time is too old")
	errAhead     = errors.New("the cosignature's time is in the future")
	errAnswer    = errors.New("not what a witness answers")
)

// parseCosignatures finds the key's cosignature of the text in the body of an
// answer. Lines of other keys are passed over, as C2SP tlog-witness asks.
func parseCosignatures(body []byte, key Key, text string, now time.Time) (cosignature, error) {
	if len(body) == 0 || len(body) > maxAnswer || body[len(body)-1] != '\n' {
		return cosignature{}, errAnswer
	}
	for line := range strings.Lines(string(body)) {
		signature, ok, err := ofKey(line, key)
		if err != nil {
			return cosignature{}, err
		}
		if !ok {
			continue
		}
		at, ok := key.open([]byte(text), signature)
		switch {
		case !ok:
			return cosignature{}, errSignature
		case at.Before(now.Add(-maxBehind)):
			return cosignature{}, errBehind
		case at.After(now.Add(maxAhead)):
			return cosignature{}, errAhead
		}
		return cosignature{line, at}, nil
	}
	return cosignature{}, errSignature
}

// ofKey returns the signature of a line that names the key.
func ofKey(line string, key Key) (signature []byte, ok bool, err error) {
	rest, begins := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "— ")
	name, encoded, two := strings.Cut(rest, " ")
	if !begins || !two || !isName(name) || strings.ContainsAny(encoded, "\r\n") {
		return nil, false, errAnswer
	}
	b, err := strict.DecodeString(encoded)
	if err != nil || len(b) <= hashBytes {
		return nil, false, errAnswer
	}
	hash := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	return b[hashBytes:], name == key.name && hash == key.hash, nil
}

// parseConflict returns the size that a witness says that it cosigned last; false
// where it says none, which it does when its tree of the same size differs.
func parseConflict(h http.Header, body []byte) (size uint64, sized bool, err error) {
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if media != sizeType {
		return 0, false, nil
	}
	text, ended := strings.CutSuffix(string(body), "\n")
	size, err = parseSize(text)
	if err != nil || !ended {
		return 0, false, errAnswer
	}
	return size, true, nil
}
