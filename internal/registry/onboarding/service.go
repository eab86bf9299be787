package onboarding

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/allowance"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Admission is what the agency room needs to admit an agency.
type Admission struct {
	ID        simpul.AgencyID
	Name      string
	Level     string
	Region    string
	Addresses []string
	New       bool // the agency must not exist yet
}

// Admitter creates the agency, or brings its allow-list to what was accepted, in
// the transaction of the decision.
type Admitter interface {
	Admit(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, a Admission) error
}

// Inviter invites an account.
type Inviter interface {
	Invite(ctx context.Context, p simpul.Principal, account simpul.AccountID, name, email string, roles []simpul.Role) error
}

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
	// Done closes the notices with the key: somebody has acted.
	Done(ctx context.Context, tx *sqldb.Tx, key string) error
}

// Service is the use cases on appointments.
type Service struct {
	db       *sqldb.DB
	now      clock.Clock
	store    store
	admitter Admitter
	inviter  Inviter // nil: accounts cannot be invited here
	notifier Notifier
	begun    *allowance.Allowance
	most     int64 // bytes of documents of strangers, in all
}

// New returns the use cases on the database. Without an inviter the operator is
// told that nobody was invited.
func New(db *sqldb.DB, now clock.Clock, sealer Sealer, admitter Admitter, inviter Inviter, notifier Notifier) *Service {
	return &Service{db: db, now: now, store: store{sealer}, admitter: admitter, inviter: inviter, notifier: notifier,
		begun: allowance.New(10, time.Hour, now), most: mostOfStrangers}
}

// Holder is who fills a form: whoever holds its code, or an agency's own people.
type Holder struct {
	code   simpul.Secret
	who    simpul.Principal
	agency simpul.AgencyID
}

// WithCode is whoever holds the code, spaces and case aside.
func WithCode(code simpul.Secret) Holder {
	plain := strings.ToLower(strings.Join(strings.Fields(code.Reveal()), ""))
	return Holder{code: simpul.Secret(strings.ReplaceAll(plain, "-", ""))}
}

// For is somebody who acts for an agency.
func For(p simpul.Principal, agency simpul.AgencyID) Holder { return Holder{who: p, agency: agency} }

func (h Holder) scope() simpul.Scope {
	if h.code != "" {
		return simpul.NationScope()
	}
	return h.who.Scope()
}

func (h Holder) author() string { return h.who.ID }

// find reads the case that the holder fills.
func (s *Service) find(ctx context.Context, tx *sqldb.Tx, h Holder) (Case, error) {
	if h.code != "" {
		return s.store.byCode(ctx, tx, h.code.Digest())
	}
	if err := tx.Own(h.agency); err != nil || h.agency == "" {
		return Case{}, sqldb.ErrNoRows
	}
	return s.store.byOwner(ctx, tx, h.agency)
}

func noCase(err error) error {
	if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Tidak ada formulir dengan kode ini.", EN: "There is no form with this code."},
		Remedy:  simpul.Text{ID: "Periksa kode yang Anda simpan, atau mulai pendaftaran baru.", EN: "Check the code that you kept, or begin a new application."},
	}
}

// Begin starts a form for somebody without an account and returns the code with
// which they come back. It is shown once.
func (s *Service) Begin(ctx context.Context) (simpul.Secret, error) {
	if !s.begun.Take(trail.Neighbourhood(ctx)) {
		return "", &simpul.Error{
			Code: simpul.CodeLimited, Retry: time.Hour,
			Message: simpul.Text{ID: "Terlalu banyak pendaftaran dimulai dari alamat ini.", EN: "Too many applications were begun from this address."},
			Remedy:  simpul.Text{ID: "Lanjutkan yang sudah ada dengan kodenya, atau coba lagi satu jam lagi.", EN: "Go on with one that exists by its code, or try again in an hour."},
		}
	}
	code, now := simpul.NewSecret(""), s.now()
	c := Case{ID: newID("f-"), State: Draft, CreatedAt: now, UpdatedAt: now}
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := s.store.insert(ctx, tx, c, code.Digest()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.Event{Actor: "public", Action: "onboarding.begin", Subject: c.ID})
	})
	return code, err
}

func newID(prefix string) string { return prefix + strings.ToLower(rand.Text()[:16]) }

// BeginOwn starts the appointment of an agency that exists, or a new version of
// it after the former was locked. One that is being written stays as it is.
func (s *Service) BeginOwn(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, facts Form) error {
	h := For(p, agency)
	return s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		c, err := s.find(ctx, tx, h)
		now := s.now()
		switch {
		case errors.Is(err, sqldb.ErrNoRows):
			if err := tx.Own(agency); err != nil || agency == "" {
				return noCase(sqldb.ErrNoRows)
			}
			facts.Agency = string(agency)
			c = Case{ID: newID("f-"), Owner: agency, State: Draft, Form: facts, CreatedAt: now, UpdatedAt: now}
			err = s.store.insert(ctx, tx, c, "")
		case err != nil:
			return err
		case c.State.writable():
			return nil
		case c.State != Locked:
			return notNow(c.State)
		default:
			c.State, c.UpdatedAt = Draft, now
			err = s.store.save(ctx, tx, c)
		}
		if err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, agency, "onboarding.begin", c.ID))
	})
}

// Case returns the form that the holder fills.
func (s *Service) Case(ctx context.Context, h Holder) (c Case, err error) {
	err = s.db.Read(ctx, h.scope(), func(tx *sqldb.Tx) error {
		if c, err = s.find(ctx, tx, h); err != nil {
			return err
		}
		return s.addReasons(ctx, tx, &c)
	})
	return c, noCase(err)
}

// addReasons adds why a form was returned.
func (s *Service) addReasons(ctx context.Context, tx *sqldb.Tx, c *Case) error {
	if c.State != Returned {
		return nil
	}
	versions, err := s.store.versions(ctx, tx, c.ID)
	if err == nil && len(versions) > 0 {
		c.Reasons = versions[0].Reasons
	}
	return err
}

// Save changes a form that may be changed. An agency that exists keeps its
// domain.
func (s *Service) Save(ctx context.Context, h Holder, edit func(*Form)) error {
	return s.change(ctx, h, func(_ *sqldb.Tx, c *Case) error {
		documents := c.Form.Documents
		edit(&c.Form)
		c.Form.Documents = documents
		if c.Owner != "" {
			c.Form.Agency = string(c.Owner)
		}
		if c.Form.tooLong() {
			return simpul.Invalid("form",
				simpul.Text{ID: "Ada isian yang terlalu panjang.", EN: "A text is too long."},
				simpul.Text{ID: "Persingkat isiannya, lalu simpan lagi.", EN: "Shorten it, then save again."})
		}
		return nil
	})
}

// change carries out a change of a form that may be changed.
func (s *Service) change(ctx context.Context, h Holder, edit func(*sqldb.Tx, *Case) error) error {
	return s.db.Write(ctx, h.scope(), func(tx *sqldb.Tx) error {
		c, err := s.find(ctx, tx, h)
		if err != nil {
			return noCase(err)
		}
		if err := s.store.hold(ctx, tx, c.ID); err != nil {
			return err
		}
		if c, err = s.find(ctx, tx, h); err != nil { // as it is now that nobody else changes it
			return noCase(err)
		}
		if !c.State.writable() {
			return notNow(c.State)
		}
		if err := edit(tx, &c); err != nil {
			return err
		}
		c.UpdatedAt = s.now()
		return s.store.save(ctx, tx, c)
	})
}

// Attach puts a file beside the form.
func (s *Service) Attach(ctx context.Context, h Holder, name string, content []byte) error {
	d, err := readDocument(name, content)
	if err != nil {
		return err
	}
	d.ID = newID("d-")
	return s.change(ctx, h, func(tx *sqldb.Tx, c *Case) error {
		kept, err := countDocuments(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if len(c.Form.Documents) >= mostDocuments || kept >= mostKept {
			return badDocument(simpul.CodeConflict, simpul.Text{ID: "Formulir ini sudah memuat dokumen sebanyak yang diizinkan.", EN: "This form has as many documents as are allowed."}, simpul.Text{ID: "Hapus yang tidak perlu, atau gabungkan menjadi satu PDF.", EN: "Remove what is not needed, or join them into one PDF."})
		}
		if err := s.hasRoom(ctx, tx, h, d); err != nil {
			return err
		}
		c.Form.Documents = append(c.Form.Documents, d)
		return s.store.insertDocument(ctx, tx, c.ID, d, content, s.now())
	})
}

// hasRoom bounds what people without an account have stored, all of them
// together: there are always more addresses to come from.
func (s *Service) hasRoom(ctx context.Context, tx *sqldb.Tx, h Holder, d Document) error {
	if h.code == "" {
		return nil
	}
	stored, err := bytesOfStrangers(ctx, tx)
	if err != nil || stored+d.Size <= s.most {
		return err
	}
	return badDocument(simpul.CodeLimited,
		simpul.Text{ID: "Tempat untuk dokumen pendaftaran sedang penuh.", EN: "The room for documents of applications is full at the moment."},
		simpul.Text{ID: "Isian Anda tersimpan. Coba unggah lagi besok, atau hubungi operator nasional.", EN: "What you wrote is stored. Try to upload it again tomorrow, or contact the national operator."})
}

// Detach takes a file off the form. Versions that were submitted keep theirs.
func (s *Service) Detach(ctx context.Context, h Holder, id string) error {
	return s.change(ctx, h, func(_ *sqldb.Tx, c *Case) error {
		c.Form.Documents = slices.DeleteFunc(c.Form.Documents, func(d Document) bool { return d.ID == id })
		return nil
	})
}

// Submit hands a form in. What must be mended first comes back instead.
func (s *Service) Submit(ctx context.Context, h Holder) (faults Faults, err error) {
	err = s.change(ctx, h, func(tx *sqldb.Tx, c *Case) error {
		now := s.now().Truncate(time.Millisecond)
		if faults = c.Form.Check(now); len(faults) > 0 {
			return incomplete(faults)
		}
		c.State, c.Version, c.SubmittedAt = Submitted, c.Version+1, now
		if err := s.store.insertVersion(ctx, tx, c.ID, Version{Number: c.Version, Form: c.Form, Author: h.author(), SubmittedAt: now}); err != nil {
			return err
		}
		if err := s.notifier.Notify(ctx, tx, submitted(*c)); err != nil {
			return err
		}
		event := trail.By(h.who, c.Owner, "onboarding.submit", c.ID)
		if h.code != "" {
			event.Actor = "public"
		}
		return trail.Append(ctx, tx, event)
	})
	return faults, err
}

func incomplete(faults Faults) error {
	return simpul.Invalid("form",
		simpul.Text{ID: "Formulir belum lengkap.", EN: "The form is not complete."},
		simpul.Text{ID: "Lengkapi isian yang ditandai, lalu kirim lagi.", EN: "Complete the marked fields, then submit it again."})
}

// submittedKey is the key of what operators are told.
func submittedKey(id string, version int) string {
	return "onboarding.submitted/" + versionRow(id, version)
}

func submitted(c Case) simpul.Notice {
	return simpul.Notice{
		Topic: "onboarding.submitted", Key: submittedKey(c.ID, c.Version), Holding: simpul.ApproveAgencies,
		Title: simpul.Text{ID: "Pendaftaran menunggu keputusan: " + c.Form.Agency, EN: "An application to join waits for a decision: " + c.Form.Agency},
		Body:  simpul.Text{ID: "Periksa formulir penunjukan PIC " + c.Form.Name + ", lalu terima atau kembalikan dengan alasan.", EN: "Check the appointment of the PIC of " + c.Form.Name + ", and accept it or return it with reasons."},
		Link:  InboxPath + "/" + c.ID, Due: c.Due(),
	}
}

// Sweep drops drafts of people without an account that nobody touched for 30
// days.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := sweep(ctx, tx, s.now().Add(-30*24*time.Hour))
		return err
	})
}
