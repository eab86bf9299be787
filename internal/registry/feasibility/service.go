package feasibility

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/allowance"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Catalogue tells what there is to test. A LID that the principal's agency does
// not own is not found, in the same words as one that does not exist.
type Catalogue interface {
	Subject(ctx context.Context, p simpul.Principal, address simpul.Address) (Subject, error)
	// Planned reads a LID that is not stored, in the form of its resource's spec.
	Planned(ctx context.Context, p simpul.Principal, address simpul.Address, spec json.RawMessage) (Subject, error)
}

// Rules are what an operator may set.
type Rules struct {
	Valid time.Duration // for how long a pass lets a LID enter publication
	Pause time.Duration // between two tests of one LID; 0 means 10 seconds
}

const (
	usualPause  = 10 * time.Second
	mostPerHour = 60 // tests that one agency may begin in an hour
	leastReason = 20 // characters
	mostReason  = 1000
)

// Service is the use cases.
type Service struct {
	db        *sqldb.DB
	catalogue Catalogue
	tester    *Tester
	rules     Rules
	allowed   *allowance.Allowance

	mu      sync.Mutex
	running map[simpul.Address]bool
}

// New returns the use cases on the database. The tester's clock is theirs.
func New(db *sqldb.DB, catalogue Catalogue, tester *Tester, rules Rules) *Service {
	rules.Pause = orUsual(rules.Pause, usualPause)
	return &Service{
		db: db, catalogue: catalogue, tester: tester, rules: rules,
		allowed: allowance.New(mostPerHour, time.Hour, tester.Now), running: map[simpul.Address]bool{},
	}
}

var kindTest = simpul.Text{ID: "Uji kelaikan", EN: "Feasibility test"}

// Waiver lets one subject be published although its test failed.
type Waiver struct {
	Address simpul.Address  `json:"lid"`
	Agency  simpul.AgencyID `json:"agency"`
	Digest  string          `json:"digest"`
	By      string          `json:"by" doc:"Who answers for it"`
	Reason  string          `json:"reason"`
	At      time.Time       `json:"at"`
}

// Entry is one line of the history.
type Entry struct {
	ID      string    `json:"id"`
	Digest  string    `json:"digest"`
	Outcome Outcome   `json:"outcome" enum:"pass,warn,fail,skipped"`
	Ended   time.Time `json:"endedAt"`
	By      string    `json:"by"`
}

// Standing is where a LID is with its test.
type Standing struct {
	Address simpul.Address  `json:"lid"`
	Agency  simpul.AgencyID `json:"agency"`
	Digest  string          `json:"digest" doc:"Of what is stored now"`
	Current bool            `json:"current" doc:"The report is about what is stored now, and recent enough"`
	Fit     bool            `json:"fit" doc:"The LID may enter publication: a current pass, or a waiver"`
	Report  *Report         `json:"report,omitempty" doc:"The last one"`
	Waiver  *Waiver         `json:"waiver,omitempty" doc:"For what is stored now"`
	History []Entry         `json:"history"`
}

// Run tests what is stored at the address, and keeps the report.
func (s *Service) Run(ctx context.Context, p simpul.Principal, id string) (Report, error) {
	subject, err := s.subject(ctx, p, id)
	if err != nil {
		return Report{}, err
	}
	return s.test(ctx, p, subject)
}

// RunPlanned tests a LID that is not stored.
func (s *Service) RunPlanned(ctx context.Context, p simpul.Principal, id string, spec json.RawMessage) (Report, error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return Report{}, err
	}
	if err := p.Need(simpul.WriteLIDs); err != nil {
		return Report{}, err
	}
	subject, err := s.catalogue.Planned(ctx, p, address, spec)
	if err != nil {
		return Report{}, err
	}
	return s.test(ctx, p, subject)
}

func (s *Service) subject(ctx context.Context, p simpul.Principal, id string) (Subject, error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return Subject{}, simpul.NotFound(kindTest, id)
	}
	return s.catalogue.Subject(ctx, p, address)
}

// test runs a test if one may begin now.
func (s *Service) test(ctx context.Context, p simpul.Principal, subject Subject) (Report, error) {
	if err := p.Need(simpul.WriteLIDs); err != nil {
		return Report{}, err
	}
	if !p.Scope().Covers(subject.Agency) {
		return Report{}, simpul.NotFound(kindTest, string(subject.Address))
	}
	if !s.begin(subject.Address) {
		return Report{}, alreadyRunning()
	}
	defer s.end(subject.Address)
	if err := s.may(ctx, p, subject); err != nil {
		return Report{}, err
	}
	report, err := s.tester.run(ctx, subject)
	if err != nil {
		return Report{}, &simpul.Error{Code: simpul.CodeAborted, Err: fmt.Errorf("test of %s was given up: %w", subject.Address, err)}
	}
	report.ID, report.By = "uk-"+strings.ToLower(rand.Text())[:14], p.ID
	return report, s.keep(ctx, p, report)
}

func (s *Service) begin(address simpul.Address) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[address] {
		return false
	}
	s.running[address] = true
	return true
}

func (s *Service) end(address simpul.Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, address)
}

func alreadyRunning() error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Retry: wholeTimeout,
		Message: simpul.Text{ID: "LID ini sedang diuji.", EN: "This LID is being tested."},
		Remedy:  simpul.Text{ID: "Tunggu sampai selesai, paling lama 20 detik, lalu lihat laporannya.", EN: "Wait until it ends, within 20 seconds, then look at its report."},
	}
}

// may keeps origins from being flooded: the last test of the same subject is some
// time ago, and the agency has not begun too many.
func (s *Service) may(ctx context.Context, p simpul.Principal, subject Subject) error {
	var last time.Time
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		_, last, err = lastOf(ctx, tx, subject.Address, subject.Digest())
		return ignoreNone(err)
	})
	if err != nil {
		return err
	}
	if wait := last.Add(s.rules.Pause).Sub(s.tester.Now()); wait > 0 {
		return limited429(wait, simpul.Text{ID: "LID ini baru saja diuji.", EN: "This LID was tested just now."})
	}
	if !p.IsHub() && !s.allowed.Take(string(subject.Agency)) {
		return limited429(time.Minute, simpul.Text{ID: fmt.Sprintf("Instansi ini sudah memulai %d uji dalam satu jam.", mostPerHour), EN: fmt.Sprintf("This agency has begun %d tests within an hour.", mostPerHour)})
	}
	return nil
}

func limited429(wait time.Duration, what simpul.Text) error {
	n := int((wait + time.Second - 1) / time.Second)
	return &simpul.Error{
		Code: simpul.CodeLimited, Message: what, Retry: wait,
		Remedy: simpul.Text{ID: fmt.Sprintf("Coba lagi dalam %d detik.", n), EN: fmt.Sprintf("Try again in %d seconds.", n)},
	}
}

// keep stores a report; it is whole or not there.
func (s *Service) keep(ctx context.Context, p simpul.Principal, r Report) error {
	return s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := insertReport(ctx, tx, r); err != nil {
			return sqldb.Coded(err, kindTest, string(r.Address))
		}
		if err := tx.Revise(ctx, revisionTest, string(r.Address)); err != nil {
			return err
		}
		e := trail.By(p, r.Agency, "feasibility.run", string(r.Address))
		e.Detail = string(r.Outcome) + " " + r.ID
		return trail.Append(ctx, tx, e)
	})
}

// Ensure makes sure that a subject may enter publication: it has a current pass
// or a waiver, or passes a test that is run now.
func (s *Service) Ensure(ctx context.Context, p simpul.Principal, subject Subject) error {
	fit, last := false, Report{}
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		if fit, err = s.Passed(ctx, tx, subject.Address, subject.Digest()); err != nil || fit {
			return err
		}
		last, err = lastReport(ctx, tx, subject.Address, subject.Digest())
		return ignoreNone(err)
	})
	if err != nil || fit {
		return err
	}
	if s.tester.Now().Sub(last.Ended) >= s.rules.Pause { // else it would not be tested again
		if last, err = s.test(ctx, p, subject); err != nil {
			return err
		}
	}
	if !last.Passes() {
		return unfit(last)
	}
	return nil
}

// ignoreNone takes "no such row" for nothing.
func ignoreNone(err error) error {
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	return err
}

// Passed reports whether the subject with the digest has a current pass or a
// waiver, within the caller's transaction.
func (s *Service) Passed(ctx context.Context, tx *sqldb.Tx, address simpul.Address, digest string) (bool, error) {
	if _, err := waiverOf(ctx, tx, address, digest); err == nil || !errors.Is(err, sqldb.ErrNoRows) {
		return err == nil, err
	}
	outcome, ended, err := lastOf(ctx, tx, address, digest)
	if errors.Is(err, sqldb.ErrNoRows) {
		return false, nil
	}
	return err == nil && (outcome == Pass || outcome == Warn) && s.recent(ended), err
}

func (s *Service) recent(ended time.Time) bool { return s.tester.Now().Sub(ended) < s.rules.Valid }

// placeUnfit is where the refusal of a LID that failed its test points.
const placeUnfit = "spec.state"

// unfit refuses a LID whose test failed; it names each failed check.
func unfit(r Report) error {
	var id, en []string
	for _, c := range r.Of(Fail) {
		id, en = append(id, c.Title.ID), append(en, c.Title.EN)
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: placeUnfit, Owner: r.Agency,
		Message: simpul.Text{ID: "LID belum lulus uji kelaikan. Gagal: " + strings.Join(id, "; ") + ".", EN: "The LID has not passed its feasibility test. Failed: " + strings.Join(en, "; ") + "."},
		Remedy:  simpul.Text{ID: "Lihat laporan dan cara memperbaikinya di " + PagePath(r.Address) + ", atau dengan `simpul lid test " + string(r.Address) + "`.", EN: "Look at the report and the remedies on " + PagePath(r.Address) + ", or with `simpul lid test " + string(r.Address) + "`."},
	}
}

// historyLength is how many reports a standing lists.
const historyLength = 20

// Standing tells where the LID at an address is with its test; report names an
// older report to show, or is empty for the last.
func (s *Service) Standing(ctx context.Context, p simpul.Principal, id, report string) (Standing, error) {
	subject, err := s.subject(ctx, p, id)
	if err != nil {
		return Standing{}, err
	}
	if !p.Scope().Covers(subject.Agency) {
		return Standing{}, simpul.NotFound(kindTest, id)
	}
	standing := Standing{Address: subject.Address, Agency: subject.Agency, Digest: subject.Digest()}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error { return s.fill(ctx, tx, &standing, report) })
	return standing, sqldb.Coded(err, kindTest, report)
}

func (s *Service) fill(ctx context.Context, tx *sqldb.Tx, st *Standing, report string) (err error) {
	if st.History, err = history(ctx, tx, st.Address, historyLength); err != nil {
		return err
	}
	if w, err := waiverOf(ctx, tx, st.Address, st.Digest); err == nil {
		st.Waiver = &w
	} else if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	if st.Fit, err = s.Passed(ctx, tx, st.Address, st.Digest); err != nil {
		return err
	}
	if report == "" && len(st.History) > 0 {
		report = st.History[0].ID
	}
	if report == "" {
		return nil
	}
	r, err := getReport(ctx, tx, st.Address, report)
	st.Report, st.Current = &r, r.Digest == st.Digest && s.recent(r.Ended)
	return err
}

// Waive lets the subject with the digest be published although its test failed;
// an empty digest is what is stored now. The reason is shown to everybody, with
// the name and the date.
func (s *Service) Waive(ctx context.Context, p simpul.Principal, id, digest, reason string) (Waiver, error) {
	if err := p.Need(simpul.WaiveLIDs); err != nil {
		return Waiver{}, err
	}
	subject, err := s.subject(ctx, p, id)
	if err != nil {
		return Waiver{}, err
	}
	if digest == "" {
		digest = subject.Digest()
	}
	return s.sign(ctx, p, Waiver{Address: subject.Address, Agency: subject.Agency, Digest: digest, Reason: reason}, waiveTested)
}

// sign keeps a waiver in the name of the principal.
func (s *Service) sign(ctx context.Context, p simpul.Principal, w Waiver, keep func(context.Context, *sqldb.Tx, simpul.Principal, Waiver) error) (Waiver, error) {
	var err error
	if err = p.Need(simpul.WaiveLIDs); err != nil {
		return Waiver{}, err
	}
	if w.Reason, err = checkReason(w.Reason); err != nil {
		return Waiver{}, err
	}
	w.By, w.At = p.ID, s.tester.Now().UTC()
	return w, s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return keep(ctx, tx, p, w) })
}

// EnsureWaived is Ensure for somebody who signs for a subject that has not passed,
// tested or not: its origin may not be there yet, or not answer any more.
func (s *Service) EnsureWaived(ctx context.Context, p simpul.Principal, subject Subject, reason string) error {
	passed := false
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		passed, err = s.Passed(ctx, tx, subject.Address, subject.Digest())
		return err
	})
	if err != nil || passed {
		return err
	}
	_, err = s.sign(ctx, p, Waiver{Address: subject.Address, Agency: subject.Agency, Digest: subject.Digest(), Reason: reason}, waive)
	return err
}

// waiveTested keeps a waiver of what the signer can have read a report of.
func waiveTested(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, w Waiver) error {
	if _, _, err := lastOf(ctx, tx, w.Address, w.Digest); errors.Is(err, sqldb.ErrNoRows) {
		return notTested()
	} else if err != nil {
		return err
	}
	return waive(ctx, tx, p, w)
}

func waive(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, w Waiver) error {
	if err := insertWaiver(ctx, tx, w); errors.Is(err, sqldb.ErrDuplicate) {
		return alreadyWaived()
	} else if err != nil {
		return sqldb.Coded(err, kindTest, string(w.Address))
	}
	if err := tx.Revise(ctx, revisionTest, string(w.Address)); err != nil {
		return err
	}
	e := trail.By(p, w.Agency, "feasibility.waive", string(w.Address))
	e.Detail = w.Digest[:min(16, len(w.Digest))]
	return trail.Append(ctx, tx, e)
}

// checkReason takes the white space around a reason off.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	n := utf8.RuneCountInString(reason)
	control := strings.ContainsFunc(reason, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f })
	if !utf8.ValidString(reason) || control || n < leastReason || n > mostReason {
		return "", simpul.Invalid("reason",
			simpul.Text{ID: "Alasan pengecualian terlalu pendek, terlalu panjang, atau memuat karakter kendali.", EN: "The reason of the waiver is too short, too long, or holds control characters."},
			simpul.Text{ID: "Tulis 20 sampai 1.000 karakter: mengapa LID boleh terbit walau tidak lulus, dan sampai kapan diperbaiki. Semua orang dapat membacanya.", EN: "Write 20 to 1,000 characters: why the LID may be published although it failed, and by when it is mended. Everybody can read it."})
	}
	return reason, nil
}

func notTested() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "LID dalam keadaan ini belum pernah diuji.", EN: "The LID as it is now was never tested."},
		Remedy:  simpul.Text{ID: "Jalankan uji kelaikan dahulu; pengecualian diberikan atas laporannya.", EN: "Run the feasibility test first; a waiver is given on its report."},
	}
}

func alreadyWaived() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "LID dalam keadaan ini sudah dikecualikan.", EN: "The LID as it is now has a waiver already."},
		Remedy:  simpul.Text{ID: "Tidak ada yang perlu dilakukan. Pengecualian gugur sendiri begitu kontrak, origin, atau kredensialnya berubah.", EN: "Nothing needs to be done. A waiver ends by itself when the contract, origin or credential changes."},
	}
}

// PublicWaiver returns the waiver that a published LID stands on, if it does:
// everybody may know.
func (s *Service) PublicWaiver(ctx context.Context, address simpul.Address, digest string) (w Waiver, ok bool, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		w, err = waiverOf(ctx, tx, address, digest)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return w, false, nil
	}
	return w, err == nil, err
}
