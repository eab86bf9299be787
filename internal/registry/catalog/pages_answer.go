package catalog

import (
	"bytes"
	"encoding/json"
	"regexp"

	"simpul"
)

var sixteenDigits = regexp.MustCompile(`\b[0-9]{16}\b`)

// tidy lays an example answer out for readers. What could be somebody's NIK is
// masked: a provider may have copied the example from life.
func tidy(value json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, value, "", "  "); err != nil {
		b.Reset()
		b.Write(value)
	}
	return sixteenDigits.ReplaceAllStringFunc(b.String(), func(digits string) string {
		if nik, err := simpul.ParseNIK(digits); err == nil {
			return nik.String()
		}
		return digits
	})
}
