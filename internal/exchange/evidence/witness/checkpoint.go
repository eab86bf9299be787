package witness

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the state of a log that a note vouches for (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string // names the log
	Size   uint64 // entries
	Root   [sha256.Size]byte
}

var errCheckpoint = errors.New("not a checkpoint")

// ParseCheckpoint reads the text of a note. Lines after the third are extensions,
// which are signed and mean nothing here. A number or a hash that could be
// written in a second way is refused.
func ParseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return c, errCheckpoint
	}
	c.Origin = lines[0]
	if c.Size, err = parseSize(lines[1]); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", errCheckpoint, err)
	}
	if c.Size == 0 && c.Root != sha256.Sum256(nil) {
		return Checkpoint{}, fmt.Errorf("%w: an empty tree has another root", errCheckpoint)
	}
	return c, nil
}

// readNote returns the text of a note whoever signed it.
func readNote(signed []byte) (string, error) {
	n, err := note.Open(signed, note.VerifierList())
	if unknown, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return unknown.Note.Text, nil
	}
	if err != nil {
		return "", err
	}
	return n.Text, nil
}

// parseSize reads a decimal number without leading zeroes, as C2SP writes sizes.
func parseSize(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, errors.New("not a size")
	}
	return n, nil
}

// strict refuses base64 with other bits behind the last byte.
var strict = base64.StdEncoding.Strict()

func parseHash(s string) (h [sha256.Size]byte, err error) {
	b, err := strict.DecodeString(s)
	if err != nil || len(b) != len(h) || strings.ContainsAny(s, "\r\n") {
		return h, errors.New("not a hash")
	}
	copy(h[:], b)
	return h, nil
}
