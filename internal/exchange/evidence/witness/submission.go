package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// What a submission may have at most: the number of hashes is the protocol's, the
// bytes are ours, several times what a log with a handful of witnesses sends.
const (
	MaxProof      = 63
	MaxSubmission = 16 << 10
)

// Submission is what a log sends to a witness (C2SP tlog-witness, add-checkpoint).
type Submission struct {
	Old   uint64   // size of the tree that the witness cosigned last, as far as the log knows
	Proof [][]byte // RFC 6962 section 2.1.2, from Old to the checkpoint
	Note  []byte   // the checkpoint, signed
}

var errSubmission = errors.New("not a submission")

// ParseSubmission reads the body of a request. Whatever [Submission.Bytes] does
// not write is refused.
func ParseSubmission(body []byte) (s Submission, err error) {
	if len(body) > MaxSubmission {
		return s, fmt.Errorf("%w: too long", errSubmission)
	}
	head, signed, found := bytes.Cut(body, []byte("\n\n"))
	if !found || len(signed) == 0 {
		return s, fmt.Errorf("%w: no empty line before the checkpoint", errSubmission)
	}
	lines := strings.Split(string(head), "\n")
	old, found := strings.CutPrefix(lines[0], "old ")
	if !found || len(lines) > 1+MaxProof {
		return s, fmt.Errorf("%w: it begins with the line old SIZE, and at most %d hashes", errSubmission, MaxProof)
	}
	if s.Old, err = parseSize(old); err != nil {
		return Submission{}, fmt.Errorf("%w: old: %w", errSubmission, err)
	}
	for _, line := range lines[1:] {
		h, err := parseHash(line)
		if err != nil {
			return Submission{}, fmt.Errorf("%w: proof: %w", errSubmission, err)
		}
		s.Proof = append(s.Proof, h[:])
	}
	s.Note = signed
	return s, nil
}

// Bytes is the body of the request.
func (s Submission) Bytes() []byte {
	b := fmt.Appendf(make([]byte, 0, 64+len(s.Proof)*(sha256.Size*3/2)+len(s.Note)), "old %d\n", s.Old)
	for _, h := range s.Proof {
		b = base64.StdEncoding.AppendEncode(b, h)
		b = append(b, '\n')
	}
	return append(append(b, '\n'), s.Note...)
}
