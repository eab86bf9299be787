package ledger

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Sealer encrypts what is stored, bound to the place where it is stored.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Where the sealed private keys are.
const sealedTable, sealedColumn = "evidence_log", "sealed"

// Key signs the checkpoints of one log.
type Key struct {
	Origin   string // name of the log and of the key
	Verifier string // the public key, as golang.org/x/mod/sumdb/note writes it
	signer   note.Signer
}

// NewKey makes a key for the log of the journal at the hub. It is Ed25519.
func NewKey(hub, journal string) (Key, error) {
	k, _, err := makeKey(hub + "/evidence/" + journal)
	return k, err
}

func makeKey(origin string) (k Key, private string, err error) {
	private, verifier, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return Key{}, "", err
	}
	k, err = openKey(private)
	k.Verifier = verifier
	return k, private, err
}

// openKey reads a private key as note.GenerateKey writes it. No error holds it.
func openKey(private string) (Key, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return Key{}, errors.New("the key of the evidence log is not a signer key")
	}
	return Key{Origin: signer.Name(), signer: signer}, nil
}

// Keys are the keys of the logs of all journals of the hub. They stay for as long
// as a proof may be checked.
type Keys struct {
	db     *sqldb.DB
	sealer Sealer
	now    clock.Clock
}

// NewKeys reads and makes keys in the database.
func NewKeys(db *sqldb.DB, sealer Sealer, now clock.Clock) *Keys { return &Keys{db, sealer, now} }

// Open returns the key of the journal's log, made when it is asked for first. The
// hub's name counts then only: a log keeps its origin.
func (k *Keys) Open(ctx context.Context, hub, journal string) (Key, error) {
	var stored storedKey
	err := k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		stored, err = readKey(ctx, tx, journal)
		if !errors.Is(err, sqldb.ErrNoRows) {
			return err
		}
		if stored, err = k.make(hub, journal); err != nil {
			return err
		}
		return insertKey(ctx, tx, stored)
	})
	if err != nil {
		return Key{}, fmt.Errorf("key of the evidence log: %w", err)
	}
	return k.open(stored)
}

func (k *Keys) make(hub, journal string) (storedKey, error) {
	made, private, err := makeKey(hub + "/evidence/" + journal)
	if err != nil {
		return storedKey{}, err
	}
	sealed, err := k.sealer.Seal([]byte(private), sealedTable, journal, sealedColumn)
	if err != nil {
		return storedKey{}, err
	}
	return storedKey{journal: journal, origin: made.Origin, verifier: made.Verifier, sealed: base64.StdEncoding.EncodeToString(sealed), createdAt: k.now()}, nil
}

func (k *Keys) open(s storedKey) (Key, error) {
	sealed, err := base64.StdEncoding.DecodeString(s.sealed)
	if err != nil {
		return Key{}, errors.New("the sealed key of the evidence log is not base64")
	}
	private, err := k.sealer.Open(sealed, sealedTable, s.journal, sealedColumn)
	if err != nil {
		return Key{}, fmt.Errorf("key of the evidence log: %w", err)
	}
	key, err := openKey(string(private))
	if err == nil && key.Origin != s.origin {
		err = fmt.Errorf("the key of the evidence log is that of %q", key.Origin)
	}
	key.Verifier = s.verifier
	return key, err
}

// Verifier is the public key of the journal's log, "" where it has none.
func (k *Keys) Verifier(ctx context.Context, journal string) (verifier string, err error) {
	err = k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		stored, err := readKey(ctx, tx, journal)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		verifier = stored.verifier
		return err
	})
	return verifier, err
}

// lines are a comment, where the log has ended, and its key.
func (p published) lines() []string {
	line := "log " + p.verifier
	if p.cause == "" {
		return []string{line}
	}
	next := cmp.Or(p.successor, "-")
	return []string{fmt.Sprintf("# berakhir dengan %d entri, dilanjutkan oleh %s / ended with %d entries, goes on as %s: %s", p.entries, next, p.entries, next, p.cause), line}
}

// Lines are the public keys, as a file of keys has them: "log" and the key. A comment
// before it says that a log has ended, and which one goes on.
func (k *Keys) Lines(ctx context.Context) (lines []string, err error) {
	err = k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := listVerifiers(ctx, tx)
		for _, p := range all {
			lines = append(lines, p.lines()...)
		}
		return err
	})
	return lines, err
}

// Heads returns the memory of the journal's log in the database.
func (k *Keys) Heads(journal string) Heads { return heads{k.db, journal} }

type heads struct {
	db      *sqldb.DB
	journal string
}

func (h heads) Noted(ctx context.Context) (size uint64, root []byte, err error) {
	err = h.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		var text string
		if size, text, err = readHead(ctx, tx, h.journal); err != nil {
			return err
		}
		root, err = base64.StdEncoding.DecodeString(text)
		return err
	})
	return size, root, err
}

func (h heads) Note(ctx context.Context, size uint64, root []byte) error {
	return h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return noteHead(ctx, tx, h.journal, size, base64.StdEncoding.EncodeToString(root))
	})
}
