package lifecycle

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// CalendarPath is the page of the working-day calendar.
const CalendarPath = "/kalender"

// yearView is the calendar of one year.
type yearView struct {
	Year   int
	Spec   HolidaySpec
	Known  bool
	Years  []int // that have holidays
	Today  Day
	Writes bool
	Fault  *simpul.Error
	Sent   HolidaySpec // what a refused form had
	days   *WorkingDays
}

func (p *Pages) calendar(w http.ResponseWriter, r *http.Request) {
	p.showYear(w, r, http.StatusOK, nil, HolidaySpec{})
}

func (p *Pages) showYear(w http.ResponseWriter, r *http.Request, status int, fault *simpul.Error, sent HolidaySpec) {
	visitor, _ := p.Gate.Visitor(r.Context())
	v := yearView{Today: p.today(), Fault: fault, Sent: sent, Writes: visitor.Can(simpul.WriteLifecycle) && visitor.National, days: p.WorkingDays()}
	year, err := parseYear(r.FormValue("tahun"))
	if err != nil {
		year = v.Today.begin().Year()
	}
	v.Year = year
	all, err := p.Holidays().List(r.Context(), visitor, httpapi.Page{Limit: batch})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, one := range all {
		n, _ := strconv.Atoi(one.ID)
		v.Years = append(v.Years, n)
		if n == year {
			v.Spec, v.Known = one.Spec, true
		}
	}
	web.Render(w, r, status, yearPage(v))
}

func (p *Pages) calendarFile(w http.ResponseWriter, r *http.Request) {
	found, err := p.Holidays().Get(r.Context(), simpul.Principal{}, r.URL.Query().Get("tahun"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="hari-libur-`+found.ID+`.csv"`)
	if err := writeYear(w, found.Spec.Days); err != nil {
		panic(http.ErrAbortHandler) // the file must not look whole
	}
}

// uploadYear replaces the holidays of a year by those of a file.
func (p *Pages) uploadYear(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	var spec HolidaySpec
	err := takeFile(w, r, func(_ string, file io.Reader) error {
		text := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
		spec = HolidaySpec{Source: text("source"), SourceURL: text("source_url"), Note: text("note"), Verified: text("verified") != ""}
		year, err := parseYear(text("tahun"))
		if err != nil {
			return err
		}
		if spec.Days, err = readYear(file, year); err != nil {
			return err
		}
		_, err = p.Holidays().Put(r.Context(), visitor, text("tahun"), spec, false)
		return err
	})
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code != simpul.CodeDenied {
		p.showYear(w, r, httpapi.Status(e.Code), e, spec)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, yearHref(r.PostFormValue("tahun")), http.StatusSeeOther)
}

func (p *Pages) deleteYear(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := p.Holidays().Delete(r.Context(), visitor, r.PostForm.Get("tahun")); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, yearHref(r.PostForm.Get("tahun")), http.StatusSeeOther)
}

func yearHref(year string) string {
	if _, err := parseYear(year); err != nil {
		return CalendarPath
	}
	return CalendarPath + "?tahun=" + year
}

// dayCell is one day of a month's grid.
type dayCell struct {
	Number  int // 0 for a place before the first or after the last
	Kind    string
	Holiday string
	Today   bool
}

// weeks lays a month out in weeks that begin on Monday.
func (v yearView) weeks(ctx context.Context, month time.Month) (weeks [][7]dayCell) {
	first := time.Date(v.Year, month, 1, 0, 0, 0, 0, wib)
	at := (int(first.Weekday()) + 6) % 7
	week := [7]dayCell{}
	for t := first; t.Month() == month; t = t.AddDate(0, 0, 1) {
		week[at] = v.cell(ctx, t)
		if at++; at == 7 {
			weeks, week, at = append(weeks, week), [7]dayCell{}, 0
		}
	}
	if at > 0 {
		weeks = append(weeks, week)
	}
	return weeks
}

func (v yearView) cell(ctx context.Context, t time.Time) dayCell {
	day := DayOf(t)
	c := dayCell{Number: t.Day(), Kind: "work", Today: day == v.Today}
	if !v.days.Works(day) {
		c.Kind = "weekend"
	}
	for _, h := range v.Spec.Days {
		if h.Date == day {
			c.Kind, c.Holiday = string(h.Kind), h.Name.Text().In(web.Language(ctx))
		}
	}
	return c
}

// working counts the working days of the year.
func (v yearView) working() int {
	first := Day(strconv.Itoa(v.Year) + "-01-01")
	return v.days.Between(first.add(-1), Day(strconv.Itoa(v.Year)+"-12-31"))
}

func (v yearView) count(kind HolidayKind) (n int) {
	for _, h := range v.Spec.Days {
		if h.Kind == kind {
			n++
		}
	}
	return n
}
