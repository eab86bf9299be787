package duty

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Sealer seals what only the hub itself may read, for its place in the database.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
	// Done closes the notices with the key: somebody has acted.
	Done(ctx context.Context, tx *sqldb.Tx, key string) error
}

const (
	longestWords   = 1000    // of a reason, characters
	largestContent = 4 << 20 // bytes
)

var kindProposal = simpul.Text{ID: "Usulan", EN: "Proposal"}

// PagePath returns the address of a proposal's page.
func PagePath(id string) string { return ListPath + "/" + id }

// Service is the use cases on proposals.
type Service struct {
	db      *sqldb.DB
	sealer  Sealer
	notices Notifier
	rules   Rules
	now     clock.Clock
	actions map[string]Action
}

// New returns the use cases on the database. Offer makes actions known.
func New(db *sqldb.DB, sealer Sealer, notices Notifier, rules Rules, now clock.Clock) *Service {
	return &Service{db, sealer, notices, rules, now, map[string]Action{}}
}

// Offer makes actions known, before the first proposal.
func (s *Service) Offer(actions ...Action) {
	for _, a := range actions {
		s.actions[a.Name()] = a
	}
}

// Actions lists what needs two people, by name.
func (s *Service) Actions() []Action {
	return slices.SortedFunc(maps.Values(s.actions), func(a, b Action) int { return cmp.Compare(a.Name(), b.Name()) })
}

// Propose stores a proposal within the transaction in which its room decided
// that it needs a second person, and returns its ID. Whoever asks once more for
// the same content gets the proposal that waits already, whoever made it.
func (s *Service) Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (string, error) {
	a, ok := s.actions[action]
	if !ok {
		return "", fmt.Errorf("propose: no room offers the action %q", action)
	}
	if err := p.Need(a.Needs()); err != nil {
		return "", err
	}
	if len(content) > largestContent || len(before) > largestContent {
		return "", tooLarge()
	}
	why, err := words("why", why)
	if err != nil {
		return "", err
	}
	now := s.now()
	next := Proposal{
		ID: newID(), Action: action, Subject: subject, Agency: agency, State: Open, Proposer: partyOf(p), Why: why,
		Before: before, Content: content, CreatedAt: now, LapsesAt: now.Add(Life),
		beforeDigest: digest(before), contentDigest: digest(content),
	}
	waiting, err := waitingTwin(ctx, tx, next, now)
	if err == nil || !errors.Is(err, sqldb.ErrNoRows) {
		return waiting, err
	}
	if err := s.insert(ctx, tx, next); err != nil {
		return "", err
	}
	e := trail.By(p, agency, "proposal.make", next.ID)
	e.Detail = action + " " + subject
	if err := trail.Append(ctx, tx, e); err != nil {
		return "", err
	}
	return next.ID, s.tellDeciders(ctx, tx, next)
}

// newID makes an identifier that is short enough to be read out.
func newID() string { return simpul.NewSecret("u-").Reveal()[:14] }

// words checks what a person wrote, and takes the white space around it off.
func words(place, text string) (string, error) {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > longestWords || strings.ContainsFunc(text, control) {
		return "", simpul.Invalid(place,
			simpul.Text{ID: "Alasan terlalu panjang atau memuat karakter kendali.", EN: "The reason is too long or holds control characters."},
			simpul.Text{ID: "Tulis paling banyak 1.000 karakter.", EN: "Write at most 1,000 characters."})
	}
	return text, nil
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }

func tooLarge() error {
	return &simpul.Error{
		Code:    simpul.CodeTooLarge,
		Message: simpul.Text{ID: "Isi usulan lebih besar dari 4 MiB.", EN: "The content of the proposal is larger than 4 MiB."},
		Remedy:  simpul.Text{ID: "Perkecil isinya, misalnya kontrak LID.", EN: "Make it smaller, such as the LID's contract."},
	}
}

// Filter narrows a list of proposals. A zero field does not.
type Filter struct {
	State    State
	Action   string
	Subject  string
	Agency   simpul.AgencyID
	Proposer string // ID of a principal
}

// List returns the proposals that the principal's scope covers, newest first.
func (s *Service) List(ctx context.Context, p simpul.Principal, f Filter, page httpapi.Page) (all []Proposal, err error) {
	now := s.now()
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rows, err := listProposals(ctx, tx, f, now, page)
		for _, r := range rows {
			one, err := s.opened(r)
			if err != nil {
				return err
			}
			all = append(all, one.at(now))
		}
		return err
	})
	return all, err
}

// Get returns a proposal that the principal's scope covers.
func (s *Service) Get(ctx context.Context, p simpul.Principal, id string) (found Proposal, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err = s.get(ctx, tx, id)
		return err
	})
	return found.at(s.now()), sqldb.Coded(err, kindProposal, id)
}

// Changes shows what a proposal would change, before and after.
func (s *Service) Changes(p Proposal) ([]Change, error) {
	a, ok := s.actions[p.Action]
	if !ok {
		return nil, unknownAction(p.Action)
	}
	var before []Fact
	if len(p.Before) > 0 {
		var err error
		if before, err = a.Show(p.Before); err != nil {
			return nil, err
		}
	}
	after, err := a.Show(p.Content)
	return compared(before, after), err
}

// TitleOf names an action for people; one that is not known by its name.
func (s *Service) TitleOf(action string) simpul.Text {
	if a, ok := s.actions[action]; ok {
		return a.Title()
	}
	return simpul.Text{ID: action, EN: action}
}

// HeadlineOf says in one line what a proposal is about.
func (s *Service) HeadlineOf(p Proposal) simpul.Text {
	title, subject := s.TitleOf(p.Action), s.SubjectOf(p)
	if subject.ID == "" {
		return title
	}
	return simpul.Text{ID: title.ID + ": " + subject.ID, EN: title.EN + ": " + subject.EN}
}

// SubjectOf names for people what a proposal is about; empty where the action
// says it all.
func (s *Service) SubjectOf(p Proposal) simpul.Text {
	if a, ok := s.actions[p.Action].(Naming); ok {
		return a.SubjectName(p.Subject)
	}
	return simpul.Text{ID: p.Subject, EN: p.Subject}
}

func unknownAction(name string) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Hub ini tidak mengenal tindakan " + name + ".", EN: "This hub does not know the action " + name + "."},
		Remedy:  simpul.Text{ID: "Putuskan di hub dengan versi yang mengenalnya, atau tarik usulan ini.", EN: "Decide on a hub of a version that knows it, or withdraw the proposal."},
	}
}

func (s *Service) tellDeciders(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	title := s.HeadlineOf(p)
	return s.notices.Notify(ctx, tx, simpul.Notice{
		Topic: "proposal.waiting", Key: waitingKey(p.ID), Agency: p.Agency, Holding: simpul.DecideProposals, Except: p.Proposer.Account, Link: PagePath(p.ID), Due: p.LapsesAt,
		Title: simpul.Text{ID: "Menunggu orang kedua: " + title.ID, EN: "Waiting for a second person: " + title.EN},
		Body: simpul.Text{
			ID: p.Proposer.ID + " mengajukan usulan ini. Periksa isinya, lalu setujui atau tolak. Tanpa keputusan, usulan gugur dengan sendirinya.",
			EN: p.Proposer.ID + " made this proposal. Look at what it says, and approve or reject it. Without a decision it lapses by itself."},
	})
}

// waitingKey is the key of what deciders are told.
func waitingKey(id string) string { return "proposal.waiting/" + id }

// settle takes an ended proposal off the desks of its deciders and says to
// whoever proposed how it ended.
func (s *Service) settle(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	if err := s.notices.Done(ctx, tx, waitingKey(p.ID)); err != nil {
		return err
	}
	return s.tellProposer(ctx, tx, p)
}

// tellProposer says how a proposal ended. A program has no inbox.
func (s *Service) tellProposer(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	if p.Proposer.Account == "" {
		return nil
	}
	how := map[State]simpul.Text{
		Approved: {ID: "disetujui dan sudah berlaku", EN: "was approved and is in effect"},
		Rejected: {ID: "ditolak", EN: "was rejected"},
		Lapsed:   {ID: "gugur karena tidak ada keputusan dalam 7 hari", EN: "lapsed, since nobody decided within 7 days"},
	}[p.State]
	title := s.HeadlineOf(p)
	return s.notices.Notify(ctx, tx, simpul.Notice{
		Topic: "proposal.decided", Key: "proposal.decided/" + p.ID, Accounts: []simpul.AccountID{p.Proposer.Account}, Link: PagePath(p.ID),
		Title: simpul.Text{ID: "Usulan Anda " + how.ID + ": " + title.ID, EN: "Your proposal " + how.EN + ": " + title.EN},
		Body:  simpul.Text{ID: "Alasan dan rinciannya ada pada usulan itu.", EN: "The reason and the details are on the proposal."},
	})
}
