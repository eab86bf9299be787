package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const questionTable = "tracker_question"

// questionRow is a question whose texts nobody has opened yet.
type questionRow struct {
	Question
	sealedText, sealedAnswer string
}

func (s *Service) opened(r questionRow) (q Question, err error) {
	q = r.Question
	if q.Text, err = s.open(r.sealedText, questionTable, q.Number, "sealed_question"); err != nil {
		return q, err
	}
	q.Answer, err = s.open(r.sealedAnswer, questionTable, q.Number, "sealed_answer")
	return q, err
}

const questionColumns = `number, exchange, person, agency, sealed_question, asked_at, due_at, told, sealed_answer, answered_by, answered_at`

func scanQuestion(scan sqldb.Scan) (r questionRow, err error) {
	var asked, due, answered int64
	err = scan(&r.Number, &r.Exchange, &r.person, &r.Agency, &r.sealedText, &asked, &due, &r.told, &r.sealedAnswer, &r.AnsweredBy, &answered)
	r.AskedAt, r.DueAt = timeOf(asked), timeOf(due)
	if answered != 0 {
		r.AnsweredAt = timeOf(answered)
	}
	return r, err
}

// insertQuestion fails with ErrDuplicate where the person has asked already.
func insertQuestion(ctx context.Context, tx *sqldb.Tx, q Question, sealed string) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO tracker_question (number, exchange, person, agency, sealed_question, asked_at, due_at, told, state, sealed_answer, answered_by, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'open', '', '', 0)`,
		q.Number, q.Exchange, q.person, q.Agency, sealed, q.AskedAt.UnixMilli(), q.DueAt.UnixMilli())
	return err
}

// asTenant is the rows of the agencies that a scope covers.
const asTenant = `($1 = '*' OR agency = $1 AND agency <> '')`

func getQuestion(ctx context.Context, tx *sqldb.Tx, number string) (questionRow, error) {
	return sqldb.One(ctx, tx, scanQuestion, `SELECT `+questionColumns+` FROM tracker_question WHERE `+asTenant+` AND number = $2`, tx.Tenant(), number)
}

func questionAbout(ctx context.Context, tx *sqldb.Tx, a Access) (questionRow, error) {
	return sqldb.One(ctx, tx, scanQuestion, `SELECT `+questionColumns+` FROM tracker_question WHERE `+asTenant+` AND exchange = $2 AND person = $3`,
		tx.Tenant(), a.Exchange, a.Person)
}

func listQuestions(ctx context.Context, tx *sqldb.Tx, open bool, page httpapi.Page) ([]questionRow, error) {
	state, order := "answered", "answered_at DESC, number"
	if open {
		state, order = "open", "due_at, number"
	}
	return sqldb.All(ctx, tx, scanQuestion, `SELECT `+questionColumns+` FROM tracker_question WHERE `+asTenant+` AND state = $2 ORDER BY `+order+` LIMIT $3`,
		tx.Tenant(), state, page.Limit)
}

func putAnswer(ctx context.Context, tx *sqldb.Tx, r questionRow) error {
	n, err := tx.Exec(ctx, `UPDATE tracker_question SET state = 'answered', sealed_answer = $1, answered_by = $2, answered_at = $3
		WHERE ($4 = '*' OR agency = $4 AND agency <> '') AND number = $5 AND state = 'open'`,
		r.sealedAnswer, r.AnsweredBy, r.AnsweredAt.UnixMilli(), tx.Tenant(), r.Number)
	if err == nil && n == 0 {
		err = answeredBefore()
	}
	return err
}

// dueQuestions are open ones of which somebody has to be told.
func dueQuestions(ctx context.Context, tx *sqldb.Tx, now, soon time.Time) ([]Question, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (Question, error) {
		r, err := scanQuestion(scan)
		return r.Question, err
	}, `SELECT `+questionColumns+` FROM tracker_question WHERE $1 = '*' AND state = 'open' AND (told < $2 AND due_at <= $3 OR told < $4 AND due_at < $5)
		ORDER BY due_at, number LIMIT 500`, tx.Tenant(), int64(toldAgain), soon.UnixMilli(), int64(toldOperator), now.UnixMilli())
}

func setTold(ctx context.Context, tx *sqldb.Tx, q Question) error {
	_, err := tx.Exec(ctx, `UPDATE tracker_question SET told = $1 WHERE $2 = '*' AND number = $3`, int64(q.told), tx.Tenant(), q.Number)
	return err
}
