package feasibility

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"simpul"
)

// Outcome is how a check, or a whole test, ended.
type Outcome string

const (
	Pass    Outcome = "pass"
	Warn    Outcome = "warn" // should be mended; does not keep a LID from being published
	Fail    Outcome = "fail" // must be mended, or waived by the national operator
	Skipped Outcome = "skipped"
)

// weight orders outcomes from what matters least.
func (o Outcome) weight() int { return slices.Index([]Outcome{Skipped, Pass, Warn, Fail}, o) }

// Words is a sentence in both languages, as reports store it.
type Words struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// In returns the sentence in the language.
func (w Words) In(l simpul.Language) string { return simpul.Text(w).In(l) }

func say(id, en string) Words { return Words{id, en} }

func sayf(id, en string, args ...any) Words {
	return Words{fmt.Sprintf(id, args...), fmt.Sprintf(en, args...)}
}

// Finding is one thing that a check found. It never holds a value of an answer.
type Finding struct {
	Outcome  Outcome `json:"outcome" enum:"pass,warn,fail,skipped"`
	Place    string  `json:"place,omitempty" doc:"Operation and path within, such as GET / 200 items[0].kode"`
	What     Words   `json:"what" doc:"What was found"`
	Expected string  `json:"expected,omitempty"`
	Got      string  `json:"got,omitempty"`
	Remedy   Words   `json:"remedy,omitzero" doc:"What to do"`
}

// Check is one of the things that a test looks at.
type Check struct {
	Key      string    `json:"key"`
	Title    Words     `json:"title"`
	Outcome  Outcome   `json:"outcome" enum:"pass,warn,fail,skipped"`
	Note     Words     `json:"note,omitzero" doc:"What was done, or why nothing was"`
	Findings []Finding `json:"findings"`
}

// mostFindings is how many findings a check lists; more only repeat.
const mostFindings = 20

// add notes what was found; the check is as bad as the worst of it.
func (c *Check) add(f Finding) {
	if c.Outcome == "" || f.Outcome.weight() > c.Outcome.weight() {
		c.Outcome = f.Outcome
	}
	f.Place, f.Expected, f.Got = guarded(f.Place), guarded(f.Expected), guarded(f.Got)
	if len(c.Findings) < mostFindings {
		c.Findings = append(c.Findings, f)
	}
}

func (c *Check) fail(place string, what, remedy Words) {
	c.add(Finding{Outcome: Fail, Place: place, What: what, Remedy: remedy})
}

func (c *Check) warn(place string, what, remedy Words) {
	c.add(Finding{Outcome: Warn, Place: place, What: what, Remedy: remedy})
}

// skip says why a check could not look at anything.
func (c *Check) skip(why Words) { c.Outcome, c.Note = Skipped, why }

// Figures is what was measured at a small load, in milliseconds.
type Figures struct {
	Calls   int   `json:"calls"`
	Limit   int64 `json:"limitMillis"`
	Median  int64 `json:"p50Millis"`
	P95     int64 `json:"p95Millis"`
	Slowest int64 `json:"maxMillis"`
}

// Report is what one test found. It never changes.
type Report struct {
	ID      string          `json:"id"`
	Address simpul.Address  `json:"lid"`
	Agency  simpul.AgencyID `json:"agency"`
	Digest  string          `json:"digest" doc:"Of the agency, contract, origin and credential that were tested"`
	Outcome Outcome         `json:"outcome" enum:"pass,warn,fail,skipped"`
	Checks  []Check         `json:"checks"`
	Latency *Figures        `json:"latency,omitempty"`
	Started time.Time       `json:"startedAt"`
	Ended   time.Time       `json:"endedAt"`
	Version string          `json:"hubVersion"`
	By      string          `json:"by" doc:"Who asked for the test"`
}

// Passes reports whether nothing failed.
func (r Report) Passes() bool { return r.Outcome == Pass || r.Outcome == Warn }

// Count says how many checks ended so.
func (r Report) Count(o Outcome) (n int) {
	for _, c := range r.Checks {
		if c.Outcome == o {
			n++
		}
	}
	return n
}

// Of lists the checks that ended so, in their order.
func (r Report) Of(o Outcome) (all []Check) {
	for _, c := range r.Checks {
		if c.Outcome == o {
			all = append(all, c)
		}
	}
	return all
}

// Summary is the report in one sentence.
func (r Report) Summary() Words {
	all, failed, warned := len(r.Checks), r.Count(Fail), r.Count(Warn)
	switch {
	case failed > 0:
		return sayf("%d dari %d pemeriksaan gagal; LID belum dapat didaftarkan.", "%d of %d checks failed; the LID cannot be registered yet.", failed, all)
	case warned > 0:
		return sayf("Laik: tidak ada dari %[2]d pemeriksaan yang gagal; %[1]d sebaiknya diperbaiki.", "Fit: none of %[2]d checks failed; %[1]d should be mended.", warned, all)
	}
	return sayf("Laik: tidak ada dari %d pemeriksaan yang gagal.", "Fit: none of %d checks failed.", all)
}

// conclude sets the outcome of the whole from those of its checks.
func (r *Report) conclude() {
	r.Outcome = Pass
	for i := range r.Checks {
		if r.Checks[i].Findings == nil {
			r.Checks[i].Findings = []Finding{}
		}
		if o := r.Checks[i].Outcome; o.weight() > r.Outcome.weight() {
			r.Outcome = o
		}
	}
}

// longestExcerpt bounds what a finding quotes, in bytes.
const longestExcerpt = 160

// guarded makes an excerpt safe to keep: one line of bounded length in which no
// long number stands, for that may be somebody's.
func guarded(text string) string {
	var b strings.Builder
	digits := 0
	for _, r := range strings.ToValidUTF8(text, "?") {
		switch {
		case r < ' ' || r == 0x7f:
			r = ' '
		case '0' <= r && r <= '9':
			digits++
		case r != '.' && r != ' ' && r != '-':
			digits = 0
		}
		if digits > mostDigits && '0' <= r && r <= '9' {
			r = '*'
		}
		if b.Len() > longestExcerpt {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mostDigits is the longest number that is quoted: a village's code with its
// dots has ten digits, a NIK sixteen.
const mostDigits = 10
