package audit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/trail"
)

// eventBody is an event as the API shows and exports it.
type eventBody struct {
	Seq     int64            `json:"seq"`
	At      time.Time        `json:"at"`
	Agency  simpul.AgencyID  `json:"agency,omitempty" doc:"Whose matter it is; absent for the nation's"`
	Account simpul.AccountID `json:"account,omitempty" doc:"The person whom it concerns"`
	Actor   string           `json:"actor" doc:"Who did it: an account, a token's ID, or hub"`
	Action  string           `json:"action" doc:"noun.verb"`
	Subject string           `json:"subject,omitempty"`
	Outcome simpul.Code      `json:"outcome,omitempty" doc:"Absent: done; otherwise why it was refused"`
	Detail  string           `json:"detail,omitempty"`
	Origin  string           `json:"origin,omitempty" doc:"Address from which it came"`
}

func bodyOf(e trail.Event) eventBody {
	return eventBody{e.Seq, e.At, e.Agency, e.Account, e.Actor, e.Action, e.Subject, e.Outcome, e.Detail, e.Origin}
}

// Format is how an export is written.
type Format string

const (
	CSV       Format = "csv"   // RFC 4180
	JSONLines Format = "jsonl" // one object a line
)

// MediaType is the type of the file.
func (f Format) MediaType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/jsonl; charset=utf-8"
}

// ParseFormat accepts the name of a format.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); f == CSV || f == JSONLines {
		return f, nil
	}
	return "", simpul.Invalid("query.format",
		simpul.Text{ID: "Bentuk ekspor tidak dikenal.", EN: "The form of the export is unknown."},
		simpul.Text{ID: "Gunakan csv atau jsonl.", EN: "Use csv or jsonl."})
}

// Write writes the events in the format.
func (f Format) Write(events []trail.Event) ([]byte, error) {
	if f == CSV {
		return writeCSV(events)
	}
	return writeLines(events)
}

func writeLines(events []trail.Event) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, e := range events {
		if err := encoder.Encode(bodyOf(e)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func writeCSV(events []trail.Event) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	w.Write([]string{"seq", "at", "agency", "account", "actor", "action", "subject", "outcome", "detail", "origin"})
	for _, e := range events {
		w.Write([]string{
			strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), inert(string(e.Agency)), inert(string(e.Account)), inert(e.Actor),
			inert(e.Action), inert(e.Subject), inert(string(e.Outcome)), inert(e.Detail), inert(e.Origin),
		})
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// inert keeps a spreadsheet from taking a text for a formula: one that begins
// like a formula gets an apostrophe before it.
// https://owasp.org/www-community/attacks/CSV_Injection
func inert(text string) string {
	if trimmed := strings.TrimLeft(text, " "); trimmed != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}
