package tracker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Question is what a person asks of an agency: why it looked at their data.
type Question struct {
	Number     string
	Exchange   simpul.ExchangeID
	Agency     simpul.AgencyID // that has to answer
	Text       string
	AskedAt    time.Time
	DueAt      time.Time
	Answer     string
	AnsweredBy string
	AnsweredAt time.Time // zero while it is open

	person simpul.Pseudonym
	told   int
}

// Open reports whether it waits for an answer.
func (q Question) Open() bool { return q.AnsweredAt.IsZero() }

// Late reports whether the answer is overdue.
func (q Question) Late(now time.Time) bool { return q.Open() && now.After(q.DueAt) }

// How far people were told of a question.
const (
	toldDesk     = 0
	toldAgain    = 1
	toldOperator = 2
)

const longestQuestion = 1000

var kindQuestion = simpul.Text{ID: "Pertanyaan", EN: "Question"}

// Ask takes in a person's question about an access to their data, for the agency
// that looked. Whoever calls must have made sure that they act for the person. Of
// one access a person asks once; the answer can be read by whoever has the number.
func (s *Service) Ask(ctx context.Context, nik simpul.NIK, id simpul.ExchangeID, text string) (q Question, err error) {
	if text, err = words("question", text, longestQuestion); err != nil {
		return q, err
	}
	a, err := s.Find(ctx, nik, id)
	if err != nil {
		return q, err
	}
	now := s.Now()
	q = Question{Number: newID("t"), Exchange: id, Agency: a.Consumer(), Text: text, AskedAt: now, person: a.Person}
	sealed, err := s.seal(text, questionTable, q.Number, "sealed_question")
	if err != nil {
		return q, err
	}
	err = s.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		rules, err := policies(ctx, tx)
		if err != nil {
			return err
		}
		q.DueAt = s.Calendar.After(now, rules.AnswerDays)
		if err := insertQuestion(ctx, tx, q, sealed); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionQuestion, q.Number); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, trail.Event{Agency: q.Agency, Actor: trail.Hub, Action: "tracker.ask", Subject: q.Number, Detail: string(id)}); err != nil {
			return err
		}
		return s.Notices.Notify(ctx, tx, asked(q))
	})
	if errors.Is(err, sqldb.ErrDuplicate) {
		return q, askedBefore()
	}
	return q, err
}

const revisionQuestion = "TrackerQuestion"

func askedBefore() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Anda sudah menanyakan akses ini.", EN: "You have asked about this access already."},
		Remedy:  simpul.Text{ID: "Lihat keadaan pertanyaan Anda pada rincian akses itu, atau dengan nomornya.", EN: "See how your question stands in the details of that access, or by its number."},
	}
}

// questionNumber takes a number as a person copies it.
func questionNumber(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// Answered is a question as whoever has its number sees it.
func (s *Service) Answered(ctx context.Context, number string) (Question, error) {
	return s.question(ctx, simpul.NationScope(), questionNumber(number))
}

// AskedOf is the question that a person has asked about an access; false for none.
func (s *Service) AskedOf(ctx context.Context, a Access) (q Question, asked bool, err error) {
	var r questionRow
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		r, err = questionAbout(ctx, tx, a)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return q, false, nil
	}
	if err == nil {
		q, err = s.opened(r)
	}
	return q, err == nil, err
}

// Question is a question to an agency that the principal acts for.
func (s *Service) Question(ctx context.Context, p simpul.Principal, number string) (Question, error) {
	if err := p.Need(simpul.AnswerPeople); err != nil {
		return Question{}, err
	}
	return s.question(ctx, p.Scope(), questionNumber(number))
}

func (s *Service) question(ctx context.Context, scope simpul.Scope, number string) (q Question, err error) {
	var r questionRow
	err = s.DB.Read(ctx, scope, func(tx *sqldb.Tx) error {
		r, err = getQuestion(ctx, tx, number)
		return err
	})
	if err != nil {
		return q, sqldb.Coded(err, kindQuestion, number)
	}
	return s.opened(r)
}

// Questions lists those to the agencies that the principal acts for: the open ones
// by when they are due, then the others, the newest first.
func (s *Service) Questions(ctx context.Context, p simpul.Principal, open bool, page httpapi.Page) (all []Question, err error) {
	if err := p.Need(simpul.AnswerPeople); err != nil {
		return nil, err
	}
	var rows []questionRow
	err = s.DB.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rows, err = listQuestions(ctx, tx, open, page)
		return err
	})
	for _, r := range rows {
		q, err := s.opened(r)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, err
}

// Answer answers a question, once.
func (s *Service) Answer(ctx context.Context, p simpul.Principal, number, text string) (q Question, err error) {
	if err := p.Need(simpul.AnswerPeople); err != nil {
		return q, err
	}
	if text, err = words("answer", text, longestQuestion); err != nil {
		return q, err
	}
	number = questionNumber(number)
	sealed, err := s.seal(text, questionTable, number, "sealed_answer")
	if err != nil {
		return q, err
	}
	err = s.DB.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		r, err := getQuestion(ctx, tx, number)
		if err != nil {
			return err
		}
		if !r.Open() {
			return answeredBefore()
		}
		r.AnsweredBy, r.AnsweredAt, r.sealedAnswer = p.ID, s.Now(), sealed
		if err := putAnswer(ctx, tx, r); err != nil {
			return err
		}
		if q, err = s.opened(r); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionQuestion, number); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, trail.By(p, r.Agency, "tracker.answer", number)); err != nil {
			return err
		}
		return s.close(ctx, tx, r.Question)
	})
	return q, sqldb.Coded(err, kindQuestion, number)
}

func (s *Service) close(ctx context.Context, tx *sqldb.Tx, q Question) error {
	for _, key := range []string{askedKey(q), dueKey(q), lateKey(q)} {
		if err := s.Notices.Done(ctx, tx, key); err != nil {
			return err
		}
	}
	return nil
}

func answeredBefore() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Pertanyaan ini sudah dijawab.", EN: "This question has been answered."},
		Remedy:  simpul.Text{ID: "Muat ulang halamannya untuk membaca jawabannya.", EN: "Reload the page to read the answer."},
	}
}

// Escalate reminds agencies of questions that are due within a working day, and
// tells the national operator of those that are overdue. Each is told once.
func (s *Service) Escalate(ctx context.Context) error {
	now := s.Now()
	soon := s.Calendar.After(now, 1)
	return s.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		due, err := dueQuestions(ctx, tx, now, soon)
		if err != nil {
			return err
		}
		for _, q := range due {
			if err := s.remind(ctx, tx, q, now); err != nil {
				return fmt.Errorf("question %s: %w", q.Number, err)
			}
		}
		return nil
	})
}

func (s *Service) remind(ctx context.Context, tx *sqldb.Tx, q Question, now time.Time) error {
	if q.told < toldAgain {
		if err := s.Notices.Notify(ctx, tx, dueSoon(q)); err != nil {
			return err
		}
		q.told = toldAgain
	}
	if q.Late(now) && q.told < toldOperator {
		if err := s.Notices.Notify(ctx, tx, overdue(q)); err != nil {
			return err
		}
		q.told = toldOperator
		event := trail.Event{Agency: q.Agency, Actor: trail.Hub, Action: "tracker.escalate", Subject: q.Number}
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
	}
	return setTold(ctx, tx, q)
}

func askedKey(q Question) string { return "tracker.question/" + q.Number }
func dueKey(q Question) string   { return "tracker.due/" + q.Number }
func lateKey(q Question) string  { return "tracker.late/" + q.Number }

func asked(q Question) simpul.Notice {
	day := WhenText(q.DueAt)
	return simpul.Notice{
		Topic: "tracker.question", Key: askedKey(q), Agency: q.Agency, Holding: simpul.AnswerPeople, Link: QuestionPath(q.Number), Due: q.DueAt,
		Title: simpul.Text{ID: "Seorang warga bertanya mengapa datanya dilihat", EN: "A person asks why their data were seen"},
		Body: simpul.Text{
			ID: "Jawab selambat-lambatnya " + day.ID + ". Setelah itu operator nasional ikut diberi tahu.",
			EN: "Answer by " + day.EN + ". After that the national operator is told as well."},
	}
}

func dueSoon(q Question) simpul.Notice {
	n := asked(q)
	n.Topic, n.Key = "tracker.due", dueKey(q)
	n.Title = simpul.Text{ID: "Pertanyaan warga segera jatuh tempo", EN: "A person's question is due soon"}
	return n
}

func overdue(q Question) simpul.Notice {
	n := asked(q)
	n.Topic, n.Key, n.Agency, n.Due = "tracker.late", lateKey(q), "", time.Time{}
	n.Title = simpul.Text{ID: string(q.Agency) + " belum menjawab pertanyaan warga", EN: string(q.Agency) + " has not answered a person's question"}
	n.Body = simpul.Text{
		ID: "Tenggatnya " + WhenText(q.DueAt).ID + ". Hubungi instansinya, atau jawab sendiri.",
		EN: "It was due " + WhenText(q.DueAt).EN + ". Talk to the agency, or answer yourself."}
	return n
}
