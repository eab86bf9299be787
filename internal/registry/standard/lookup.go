package standard

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Found is what a code means on a day.
type Found struct {
	List ListID `json:"list"`
	On   Day    `json:"date" doc:"The day of which this tells"`
	Code
	Mappings    []Mapping    `json:"mappings,omitempty" doc:"What it is in other lists on that day"`
	Successions []Succession `json:"successions,omitempty" doc:"Splits, mergers and replacements that it takes part in"`
}

// Listed is a code in a list of many.
type Listed struct {
	Code
	Below int `json:"below" doc:"Codes right below it on that day"`
}

// CodeQuery asks for codes of a list.
type CodeQuery struct {
	On     Day    // "" is today
	Parent string // codes right below this one; "" those at the top, "*" all
	Text   string // in code or name; then on all levels
	After  string // code before the page
	Limit  int
}

// History is everything that is known of one code.
type History struct {
	List        ListID       `json:"list"`
	Code        string       `json:"code"`
	Periods     []Code       `json:"periods" doc:"Oldest first; never two on one day"`
	Successions []Succession `json:"successions"`
	Mappings    []Mapping    `json:"mappings"`
}

// On returns the code's meaning on a day.
func (h History) On(day Day) (Code, bool) {
	for _, c := range h.Periods {
		if c.Holds(day) {
			return c, true
		}
	}
	return Code{}, false
}

var kindCode = simpul.Text{ID: "Kode", EN: "Code"}

// Today is the day of which a question without a date asks.
func (l *Lists) Today() Day { return DayOf(l.now()) }

func (l *Lists) day(d Day) (Day, error) {
	if d == "" {
		return l.Today(), nil
	}
	return ParseDay(string(d))
}

// Lookup tells what a code of a list means on a day.
func (l *Lists) Lookup(ctx context.Context, p simpul.Principal, id, code string, on Day) (f Found, err error) {
	day, err := l.day(on)
	if err != nil {
		return f, simpul.At("query.date", err)
	}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getList(ctx, tx, ListID(id)); err != nil {
			return sqldb.Coded(err, kindList, id)
		}
		c, err := codeOn(ctx, tx, ListID(id), code, day)
		if known, readErr := sqldb.Exists(c, err); readErr != nil || !known {
			return missing(ctx, tx, ListID(id), code, day, readErr)
		}
		f, err = related(ctx, tx, Found{List: ListID(id), On: day, Code: c})
		return err
	})
	return f, err
}

// related adds what a code is elsewhere on the day, and its history.
func related(ctx context.Context, tx *sqldb.Tx, f Found) (Found, error) {
	all, err := mappingsOf(ctx, tx, f.List, f.Code.Code)
	if err != nil {
		return f, err
	}
	for _, m := range all {
		if m.Holds(f.On) {
			f.Mappings = append(f.Mappings, m)
		}
	}
	f.Successions, err = successions(ctx, tx, f.List, f.Code.Code)
	return f, err
}

// missing says whether a code is unknown or only not valid on the day.
func missing(ctx context.Context, tx *sqldb.Tx, id ListID, code string, day Day, err error) error {
	if err != nil {
		return err
	}
	all, err := periodsOfCode(ctx, tx, id, code)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return simpul.NotFound(kindCode, code)
	}
	var periods []string
	for _, c := range all {
		periods = append(periods, c.Name.ID+" ("+c.Validity.String()+")")
	}
	when := strings.Join(periods, ", ")
	return &simpul.Error{
		Code: simpul.CodeNotFound, Place: "query.date",
		Message: simpul.Text{ID: "Kode " + code + " tidak berlaku pada " + string(day) + ". Yang ada: " + when + ".", EN: "Code " + code + " is not valid on " + string(day) + ". There is: " + when + "."},
		Remedy:  simpul.Text{ID: "Tanyakan untuk tanggal lain, atau lihat riwayat kodenya.", EN: "Ask for another date, or look at the history of the code."},
	}
}

// Find tells what a code means on a day without saying in which list. Where the
// lists disagree it refuses and names the candidates: code 91 is Papua Barat
// to one agency and Papua to another, and a guess would be wrong for one of them.
func (l *Lists) Find(ctx context.Context, p simpul.Principal, code string, on Day) (f Found, err error) {
	day, err := l.day(on)
	if err != nil {
		return f, simpul.At("query.date", err)
	}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err := candidatesOn(ctx, tx, code, day)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return simpul.NotFound(kindCode, code)
		}
		if differ(all) {
			return unqualified(code, all)
		}
		f, err = related(ctx, tx, all[0])
		return err
	})
	return f, err
}

// Candidates tells what a code means on a day in every list that has it.
func (l *Lists) Candidates(ctx context.Context, p simpul.Principal, code string, on Day) (all []Found, err error) {
	day, err := l.day(on)
	if err != nil {
		return nil, simpul.At("query.date", err)
	}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = candidatesOn(ctx, tx, code, day)
		return err
	})
	return all, err
}

func differ(all []Found) bool {
	for _, f := range all[1:] {
		if !strings.EqualFold(f.Name.ID, all[0].Name.ID) {
			return true
		}
	}
	return false
}

func unqualified(code string, all []Found) error {
	var id, en []string
	for _, f := range all {
		id = append(id, f.Name.ID+" ("+string(f.List)+")")
		en = append(en, f.Name.Text().In(simpul.English)+" ("+string(f.List)+")")
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "query.list",
		Message: simpul.Text{ID: "Kode " + code + " berarti lain di daftar yang berbeda: " + strings.Join(id, ", ") + ".", EN: "Code " + code + " means different things in different lists: " + strings.Join(en, ", ") + "."},
		Remedy:  simpul.Text{ID: "Sebut daftarnya, misalnya " + string(all[0].List) + ".", EN: "Say which list, such as " + string(all[0].List) + "."},
	}
}

// Codes returns a page of a list's codes on a day.
func (l *Lists) Codes(ctx context.Context, p simpul.Principal, id string, q CodeQuery) (all []Listed, err error) {
	if q.On, err = l.day(q.On); err != nil {
		return nil, simpul.At("query.date", err)
	}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getList(ctx, tx, ListID(id)); err != nil {
			return sqldb.Coded(err, kindList, id)
		}
		all, err = browse(ctx, tx, ListID(id), q)
		return err
	})
	return all, err
}

// Count says how many codes of a list are valid on a day.
func (l *Lists) Count(ctx context.Context, p simpul.Principal, id string, on Day) (n int, err error) {
	day, err := l.day(on)
	if err != nil {
		return 0, simpul.At("query.date", err)
	}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		n, err = countOn(ctx, tx, ListID(id), day)
		return err
	})
	return n, err
}

// History returns everything that is known of one code.
func (l *Lists) History(ctx context.Context, p simpul.Principal, id, code string) (h History, err error) {
	h = History{List: ListID(id), Code: code}
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getList(ctx, tx, ListID(id)); err != nil {
			return sqldb.Coded(err, kindList, id)
		}
		if h.Periods, err = periodsOfCode(ctx, tx, ListID(id), code); err != nil {
			return err
		}
		if len(h.Periods) == 0 {
			return simpul.NotFound(kindCode, code)
		}
		if h.Successions, err = successions(ctx, tx, ListID(id), code); err != nil {
			return err
		}
		h.Mappings, err = mappingsOf(ctx, tx, ListID(id), code)
		return err
	})
	return h, err
}
