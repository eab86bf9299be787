package grant

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// maxForm is the largest form that the screens take, in bytes.
const maxForm = 128 << 10

// rowPrefix begins the names of the inputs of rows.
const rowPrefix = "rows."

func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	for _, values := range r.PostForm {
		for _, value := range values {
			if strings.ContainsFunc(value, control) {
				err = errors.New("control characters")
			}
		}
	}
	if err == nil {
		return nil
	}
	return wrong("form",
		simpul.Text{ID: "Isian formulir terlalu panjang atau tidak terbaca.", EN: "The form is too long or cannot be read."},
		simpul.Text{ID: "Muat ulang halamannya, lalu coba lagi.", EN: "Reload the page and try again."})
}

// askOf reads what somebody asks for.
func askOf(form url.Values) (Ask, error) {
	terms, err := termsOf(form)
	return Ask{
		LID: simpul.Address(form.Get("lid")), Application: simpul.ApplicationID(form.Get("application")),
		Purpose: strings.TrimSpace(form.Get("purpose")), LegalBasis: strings.TrimSpace(form.Get("legalBasis")), Contact: strings.TrimSpace(form.Get("contact")), Terms: terms,
	}, err
}

// termsOf reads what is asked, or given. A date is a whole day in western
// Indonesian time, so that until is the first moment of the next.
func termsOf(form url.Values) (t Terms, err error) {
	t.Fields, t.Rows = form["fields"], rowsOf(form)
	if t.RatePerMinute, err = strconv.Atoi(strings.TrimSpace(form.Get("ratePerMinute"))); err != nil {
		t.RatePerMinute = 0 // refused by the check, at its place
	}
	if t.From, err = dateOf("from", form.Get("from")); err != nil {
		return t, err
	}
	until, err := dateOf("until", form.Get("until"))
	if err == nil && until != nil {
		next := until.AddDate(0, 0, 1)
		t.Until = &next
	}
	return t, err
}

func dateOf(place, text string) (*time.Time, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(text), wib)
	if err != nil {
		return nil, wrong(place, simpul.Text{ID: "Tanggal tidak terbaca.", EN: "The date cannot be read."}, simpul.Text{ID: "Tulis misalnya 2027-06-30.", EN: "Write for example 2027-06-30."})
	}
	utc := day.UTC()
	return &utc, nil
}

// rowsOf reads values that are separated by commas.
func rowsOf(form url.Values) (rows []Row) {
	for name := range form {
		parameter, ok := strings.CutPrefix(name, rowPrefix)
		if !ok {
			continue
		}
		var values []string
		for v := range strings.SplitSeq(form.Get(name), ",") {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			rows = append(rows, Row{parameter, values})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Parameter, b.Parameter) })
	return rows
}

// entered writes an ask into the form from which it would be read.
func (a Ask) entered() url.Values {
	form := a.Terms.entered()
	form.Set("lid", string(a.LID))
	form.Set("application", string(a.Application))
	form.Set("purpose", a.Purpose)
	form.Set("legalBasis", a.LegalBasis)
	form.Set("contact", a.Contact)
	return form
}

func (t Terms) entered() url.Values {
	form := url.Values{"fields": t.Fields}
	form.Set("ratePerMinute", strconv.Itoa(t.RatePerMinute))
	for _, r := range t.Rows {
		form.Set(rowPrefix+r.Parameter, strings.Join(r.Values, ", "))
	}
	if t.From != nil {
		form.Set("from", t.From.In(wib).Format(time.DateOnly))
	}
	if t.Until != nil {
		form.Set("until", t.Until.Add(-time.Millisecond).In(wib).Format(time.DateOnly))
	}
	return form
}
