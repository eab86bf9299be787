package custody

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionExport is the name of the act that needs a second person.
const ActionExport = "key.export"

// Subject is what an export is of: the hub's vault.
const Subject = "vault"

// Life is how long an export can be fetched.
const Life = 24 * time.Hour

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// Keys are the hub's own.
type Keys interface {
	Export() ([]byte, error) // in clear
}

// Wish is an export as somebody wants it: what a proposal holds.
type Wish struct {
	Recipient string `json:"recipient"` // an X25519 public key: "age1…"
	For       string `json:"for"`       // who will fetch it, so that two who ask have a proposal each
}

// Export is an export that was approved.
type Export struct {
	ID              string // of the proposal
	Proposer        string
	ProposerAccount simpul.AccountID
	Recipient       string
	CreatedAt       time.Time
	ExpiresAt       time.Time
	FetchedAt       time.Time // zero until then
}

// Ready reports whether the export can be fetched.
func (e Export) Ready(now time.Time) bool { return e.FetchedAt.IsZero() && now.Before(e.ExpiresAt) }

// of reports whether the principal proposed the export.
func (e Export) of(p simpul.Principal) bool {
	return p.ID == e.Proposer || p.Account != "" && p.Account == e.ProposerAccount
}

var kindExport = simpul.Text{ID: "Ekspor kunci", EN: "Export of keys"}

// Service is the use cases on exports.
type Service struct {
	db        *sqldb.DB
	proposals Proposer
	keys      Keys
	now       clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, proposals Proposer, keys Keys, now clock.Clock) *Service {
	return &Service{db, proposals, keys, now}
}

// Propose asks for an export to the recipient and returns the proposal's ID.
func (s *Service) Propose(ctx context.Context, p simpul.Principal, recipient, why string) (id string, err error) {
	recipient = strings.TrimSpace(recipient)
	if _, err := parseRecipient(recipient); err != nil {
		return "", err
	}
	if strings.TrimSpace(why) == "" {
		return "", simpul.Invalid("why",
			simpul.Text{ID: "Tulis untuk apa kunci hub diekspor.", EN: "Write what the hub's keys are exported for."},
			simpul.Text{ID: "Satu kalimat, misalnya: cadangan triwulan di brankas.", EN: "One sentence, such as: quarterly backup for the safe."})
	}
	content, err := json.Marshal(Wish{recipient, p.ID})
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		id, err = s.proposals.Propose(ctx, tx, p, ActionExport, Subject, "", nil, content, why)
		return err
	})
	return id, sqldb.Coded(err, kindExport, Subject)
}

// Prepare encrypts the keys as a second person has approved. id and by are the
// proposal's and who proposed it.
func (s *Service) Prepare(ctx context.Context, tx *sqldb.Tx, id string, by simpul.Principal, content []byte) error {
	w, err := ReadWish(content)
	if err != nil {
		return err
	}
	recipient, err := parseRecipient(w.Recipient)
	if err != nil {
		return err
	}
	file, err := s.encrypted(recipient)
	if err != nil {
		return err
	}
	now := s.now()
	e := Export{ID: id, Proposer: by.ID, ProposerAccount: by.Account, Recipient: w.Recipient, CreatedAt: now, ExpiresAt: now.Add(Life)}
	if err := insertExport(ctx, tx, e, file); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.By(by, "", ActionExport, id))
}

func (s *Service) encrypted(recipient age.Recipient) (string, error) {
	clear, err := s.keys.Export()
	if err != nil {
		return "", fmt.Errorf("export keys: %w", err)
	}
	defer zero(clear)
	var out bytes.Buffer
	armoured := armor.NewWriter(&out)
	w, err := age.Encrypt(armoured, recipient)
	if err != nil {
		return "", fmt.Errorf("encrypt keys: %w", err)
	}
	if _, err := w.Write(clear); err != nil {
		return "", fmt.Errorf("encrypt keys: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("encrypt keys: %w", err)
	}
	if err := armoured.Close(); err != nil {
		return "", fmt.Errorf("encrypt keys: %w", err)
	}
	return out.String(), nil
}

// zero overwrites keys that are no longer needed, as far as Go lets us.
func zero(b []byte) {
	for i := range b {
		b[i] = 0
	}
}

// ReadWish reads what a proposal has as its content.
func ReadWish(content []byte) (w Wish, err error) {
	if err := json.Unmarshal(content, &w); err != nil {
		return Wish{}, fmt.Errorf("decode export: %w", err)
	}
	return w, nil
}

func parseRecipient(text string) (age.Recipient, error) {
	r, err := age.ParseX25519Recipient(text)
	if err != nil {
		return nil, simpul.Invalid("recipient",
			simpul.Text{ID: "Penerima bukan kunci publik age.", EN: "The recipient is no age public key."},
			simpul.Text{ID: "Buat pasangan kunci dengan age-keygen di mesin yang tepercaya, dan tulis baris yang diawali age1.", EN: "Make a pair of keys with age-keygen on a machine that you trust, and write the line that begins with age1."})
	}
	return r, nil
}

// List returns the exports, newest first.
func (s *Service) List(ctx context.Context, p simpul.Principal) (all []Export, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listExports(ctx, tx)
		return err
	})
	return all, err
}

// Fetch gives the encrypted file to who proposed it, once. Of two at the same
// time, one gets it.
func (s *Service) Fetch(ctx context.Context, p simpul.Principal, id string) (file string, err error) {
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		e, err := getExport(ctx, tx, id)
		switch now := s.now(); {
		case err != nil:
			return err
		case !e.of(p):
			return notYours()
		case !e.Ready(now):
			return gone()
		}
		if file, err = takeFile(ctx, tx, id, s.now()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "key.download", id))
	})
	if simpul.CodeOf(err) == simpul.CodeDenied {
		err = s.refused(ctx, p, id, err)
	}
	return file, sqldb.Coded(err, kindExport, id)
}

// refused notes that somebody reached for another's export.
func (s *Service) refused(ctx context.Context, p simpul.Principal, id string, cause error) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		e := trail.By(p, "", "key.download", id)
		e.Outcome = simpul.CodeDenied
		return trail.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("note refusal: %w", err)
	}
	return cause
}

// Expire drops the files whose time is over.
func (s *Service) Expire(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return dropFiles(ctx, tx, s.now()) })
}

func notYours() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Hanya pengusulnya yang dapat mengunduh ekspor ini.", EN: "Only who proposed this export can download it."},
		Remedy:  simpul.Text{ID: "Ajukan ekspor Anda sendiri dengan kunci age Anda.", EN: "Propose an export of your own, to your own age key."},
	}
}

func gone() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Ekspor ini sudah diunduh, atau masa 24 jamnya lewat.", EN: "This export was downloaded already, or its 24 hours are over."},
		Remedy:  simpul.Text{ID: "Ajukan ekspor baru.", EN: "Propose a new export."},
	}
}
