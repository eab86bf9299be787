package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Kinds of revisions.
const (
	revisionModel  = "LifeCycle"
	revisionYear   = "Holiday"
	revisionCourse = "Course"
)

// national refuses everybody but the nation, before the database does.
func national(tx *sqldb.Tx) error {
	if tx.Tenant() != "*" {
		return sqldb.ErrScope
	}
	return nil
}

// Version is a model with the day from which it is in force.
type Version struct {
	From   Day
	Model  Model
	Author string
	Times  httpapi.Times
}

func scanVersion(scan sqldb.Scan) (v Version, err error) {
	var document string
	var created, updated int64
	if err := scan(&v.From, &document, &v.Author, &created, &updated); err != nil {
		return v, err
	}
	v.Times = httpapi.TimesOf(created, updated)
	if err := json.Unmarshal([]byte(document), &v.Model); err != nil {
		return v, fmt.Errorf("model of %s: %w", v.From, err)
	}
	return v, nil
}

const versionColumns = `from_day, document, author, created_at, updated_at`

// allVersions lists the models, the earliest first.
func allVersions(ctx context.Context, tx *sqldb.Tx) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM lifecycle_model ORDER BY from_day`)
}

func getVersion(ctx context.Context, tx *sqldb.Tx, from Day) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM lifecycle_model WHERE from_day = $1`, from)
}

func putVersion(ctx context.Context, tx *sqldb.Tx, v Version, now time.Time) error {
	if err := national(tx); err != nil {
		return err
	}
	document, err := json.Marshal(v.Model)
	if err != nil {
		return fmt.Errorf("encode model: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO lifecycle_model (from_day, document, author, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (from_day) DO UPDATE SET document = excluded.document, author = excluded.author, updated_at = excluded.updated_at`,
		v.From, string(document), v.Author, now.UnixMilli(), now.UnixMilli()); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionModel, string(v.From))
}

func deleteVersion(ctx context.Context, tx *sqldb.Tx, from Day) error {
	if err := national(tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM lifecycle_model WHERE from_day = $1`, from)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionModel, string(from))
}

// storedYear is the calendar of a year.
type storedYear struct {
	Year  int
	Spec  HolidaySpec
	Times httpapi.Times
}

func scanYear(scan sqldb.Scan) (y storedYear, err error) {
	var document string
	var created, updated int64
	if err := scan(&y.Year, &document, &created, &updated); err != nil {
		return y, err
	}
	y.Times = httpapi.TimesOf(created, updated)
	if err := json.Unmarshal([]byte(document), &y.Spec); err != nil {
		return y, fmt.Errorf("calendar of %d: %w", y.Year, err)
	}
	return y, nil
}

const yearColumns = `year, document, created_at, updated_at`

func allYears(ctx context.Context, tx *sqldb.Tx) ([]storedYear, error) {
	return sqldb.All(ctx, tx, scanYear, `SELECT `+yearColumns+` FROM lifecycle_year ORDER BY year`)
}

func getYear(ctx context.Context, tx *sqldb.Tx, year int) (storedYear, error) {
	return sqldb.One(ctx, tx, scanYear, `SELECT `+yearColumns+` FROM lifecycle_year WHERE year = $1`, year)
}

func putYear(ctx context.Context, tx *sqldb.Tx, year int, s HolidaySpec, now time.Time) error {
	if err := national(tx); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode calendar: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO lifecycle_year (year, document, created_at, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (year) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at`,
		year, string(document), now.UnixMilli(), now.UnixMilli()); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionYear, fmt.Sprint(year))
}

func deleteYear(ctx context.Context, tx *sqldb.Tx, year int) error {
	if err := national(tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM lifecycle_year WHERE year = $1`, year)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionYear, fmt.Sprint(year))
}

// firstTime reports whether the hub has not yet written the named data by
// itself, and notes that it has now. Of several nodes, one is the first.
func firstTime(ctx context.Context, tx *sqldb.Tx, name string, now time.Time) (bool, error) {
	if err := national(tx); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO lifecycle_seed (name, at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, now.UnixMilli())
	return n > 0, err
}

// course is where a LID stands, as it is stored.
type course struct {
	Address simpul.Address
	Agency  simpul.AgencyID
	Step    string
	State   State
	Seq     int64
	Since   time.Time
	Due     time.Time // zero without a timer
	Basis   string
	Mover   string
	Told    int64
}

const courseColumns = `address, agency, step, state, seq, since, due, basis, mover, told`

func scanCourse(scan sqldb.Scan) (c course, err error) {
	var since, due int64
	err = scan(&c.Address, &c.Agency, &c.Step, &c.State, &c.Seq, &since, &due, &c.Basis, &c.Mover, &c.Told)
	c.Since, c.Due = timeOf(since), timeOf(due)
	return c, err
}

func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// visible is what of courses a scope sees: its own, and what is published.
const visible = `($1 = '*' OR agency = $1 AND agency <> '' OR state <> 'draft')`

func getCourse(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (course, error) {
	return sqldb.One(ctx, tx, scanCourse, `SELECT `+courseColumns+` FROM lifecycle_course WHERE `+visible+` AND address = $2`, tx.Tenant(), address)
}

// putCourse stores where a LID stands now. A LID that changed hands between
// agencies would need its row to be theirs; an address never does.
func putCourse(ctx context.Context, tx *sqldb.Tx, c course) error {
	if err := tx.Own(c.Agency); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO lifecycle_course (address, agency, step, state, seq, since, due, basis, mover, told)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (address) DO UPDATE SET step = excluded.step, state = excluded.state, seq = excluded.seq, since = excluded.since,
			due = excluded.due, basis = excluded.basis, mover = excluded.mover, told = excluded.told
			WHERE lifecycle_course.agency = excluded.agency`,
		c.Address, c.Agency, c.Step, c.State, c.Seq, c.Since.UnixMilli(), millis(c.Due), c.Basis, c.Mover, c.Told)
	if err == nil && n == 0 {
		return sqldb.ErrScope
	}
	return err
}

// entry is one step that was made.
type entry struct {
	Seq    int64
	From   string
	Step   string
	State  State
	Title  simpul.Text
	At     time.Time
	Mover  string
	Second string
	Note   string
	Model  Day
}

func scanEntry(scan sqldb.Scan) (e entry, err error) {
	var at int64
	err = scan(&e.Seq, &e.From, &e.Step, &e.State, &e.Title.ID, &e.Title.EN, &at, &e.Mover, &e.Second, &e.Note, &e.Model)
	e.At = timeOf(at)
	return e, err
}

func insertEntry(ctx context.Context, tx *sqldb.Tx, address simpul.Address, agency simpul.AgencyID, e entry) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO lifecycle_entry (address, seq, agency, from_step, step, state, title_id, title_en, at, mover, second, note, model)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		address, e.Seq, agency, e.From, e.Step, e.State, e.Title.ID, e.Title.EN, e.At.UnixMilli(), e.Mover, e.Second, e.Note, e.Model)
	return err
}

// entriesOf lists what was done with a LID, the oldest first: at most 500, the
// newest of them.
func entriesOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]entry, error) {
	return sqldb.All(ctx, tx, scanEntry, `SELECT seq, from_step, step, state, title_id, title_en, at, mover, second, note, model FROM (
			SELECT * FROM lifecycle_entry
			WHERE address = $2 AND ($1 = '*' OR agency = $1 AND agency <> '' OR address IN (SELECT address FROM lifecycle_course WHERE state <> 'draft'))
			ORDER BY seq DESC LIMIT 500) AS newest
		ORDER BY seq`, tx.Tenant(), address)
}

// lastSeq is the number of the newest entry, 0 for none: a LID that was deleted
// and made anew goes on counting.
func lastSeq(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (int64, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) {
		return n, scan(&n)
	}, `SELECT COALESCE(MAX(seq), 0) FROM lifecycle_entry WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND address = $2`, tx.Tenant(), address)
}

// dueCourses lists what of the scope's own has a due time up to a moment, that
// which is due first at the beginning, after a place in that order.
func dueCourses(ctx context.Context, tx *sqldb.Tx, until time.Time, after place, limit int) ([]course, error) {
	return sqldb.All(ctx, tx, scanCourse, `SELECT `+courseColumns+` FROM lifecycle_course
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND due > 0 AND due <= $2 AND (due > $3 OR due = $3 AND address > $4)
		ORDER BY due, address LIMIT $5`, tx.Tenant(), until.UnixMilli(), after.due, after.address, limit)
}

// ownCourses lists where the scope's own LIDs stand, by address.
func ownCourses(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]course, error) {
	return sqldb.All(ctx, tx, scanCourse, `SELECT `+courseColumns+` FROM lifecycle_course
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND address > $2
		ORDER BY address LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// untold lists what people have not yet been told of, as far as they should be:
// what is due up to one moment, and what was due before another.
func untold(ctx context.Context, tx *sqldb.Tx, soon, now time.Time, limit int) ([]course, error) {
	return sqldb.All(ctx, tx, scanCourse, `SELECT `+courseColumns+` FROM lifecycle_course
		WHERE $1 = '*' AND due > 0 AND (due <= $2 AND told < 1 OR due < $3 AND told < 2)
		ORDER BY due, address LIMIT $4`, tx.Tenant(), soon.UnixMilli(), now.UnixMilli(), limit)
}

// markTold notes how far people were told. It reports false where another node
// was faster, or the LID has moved on.
func markTold(ctx context.Context, tx *sqldb.Tx, c course, told int64) (bool, error) {
	if err := national(tx); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE lifecycle_course SET told = $1 WHERE address = $2 AND seq = $3 AND told = $4`, told, c.Address, c.Seq, c.Told)
	return n > 0, err
}

// stale lists courses whose due time was reckoned by another model or calendar.
func stale(ctx context.Context, tx *sqldb.Tx, basis string, limit int) ([]course, error) {
	return sqldb.All(ctx, tx, scanCourse, `SELECT `+courseColumns+` FROM lifecycle_course WHERE $1 = '*' AND basis <> $2 LIMIT $3`, tx.Tenant(), basis, limit)
}

func redate(ctx context.Context, tx *sqldb.Tx, c course, due time.Time, basis string) error {
	if err := national(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE lifecycle_course SET due = $1, basis = $2 WHERE address = $3 AND seq = $4`, millis(due), basis, c.Address, c.Seq)
	return err
}

// occupied counts the LIDs that stand in each step, by its state.
func occupied(ctx context.Context, tx *sqldb.Tx) (map[string]map[State]int, error) {
	all := map[string]map[State]int{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var step string
		var state State
		var n int
		if err := scan(&step, &state, &n); err != nil {
			return err
		}
		if all[step] == nil {
			all[step] = map[State]int{}
		}
		all[step][state] = n
		return nil
	}, `SELECT step, state, COUNT(*) FROM lifecycle_course WHERE $1 = '*' GROUP BY step, state`, tx.Tenant())
	return all, err
}

// forget drops where a LID stands, since there is no such LID any more. What was
// done stays on record.
func forget(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM lifecycle_course WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND address = $2`, tx.Tenant(), address)
	return n > 0, err
}
