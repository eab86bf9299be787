package proof

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// checkpoint is a signed note whose text is a checkpoint (C2SP tlog-checkpoint).
type checkpoint struct {
	text       string
	origin     string
	size       uint64
	root       []byte
	signatures []signature
}

type signature struct {
	name  string
	hash  uint32
	bytes []byte // without the hash
}

var errCheckpoint = errors.New("not a checkpoint")

// parseCheckpoint reads the note. It checks no signature.
func parseCheckpoint(written string) (c checkpoint, err error) {
	_, err = note.Open([]byte(written), note.VerifierList())
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return c, errCheckpoint
	}
	for _, s := range unverified.Note.UnverifiedSigs {
		b, err := decodeBase64(s.Base64)
		if err != nil || len(b) < 4 {
			return c, errCheckpoint
		}
		c.signatures = append(c.signatures, signature{s.Name, s.Hash, b[4:]})
	}
	c.text = unverified.Note.Text
	return c, c.readText()
}

// readText takes the three lines apart; lines behind them are extensions, which are
// signed with the rest and mean nothing here.
func (c *checkpoint) readText() error {
	lines := strings.Split(strings.TrimSuffix(c.text, "\n"), "\n")
	if len(lines) < 3 {
		return errCheckpoint
	}
	size, err := strconv.ParseUint(lines[1], 10, 64)
	if err != nil || strconv.FormatUint(size, 10) != lines[1] || size > maxNumber {
		return errCheckpoint
	}
	root, err := decodeBase64(lines[2])
	if err != nil || !isPath([][]byte{root}) || lines[0] == "" {
		return errCheckpoint
	}
	c.origin, c.size, c.root = lines[0], size, root
	return nil
}
