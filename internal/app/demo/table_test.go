package demo

import (
	"strings"
	"testing"

	"simpul"
)

// FuzzReadRows: whatever a file holds, it is read into rows that are sound or
// refused as damaged, with a line inside the file.
func FuzzReadRows(f *testing.F) {
	for tier := range tiers {
		f.Add(int(tier), smallTables[tier.file()])
	}
	f.Add(int(District), "code,regency_code,name\r\n32.73.01,32.73,\"Suka\"\"sari\n")
	f.Add(int(Village), "code,district_code,name\n35.13.15.2017,35.13.15,Soka\"an\n")
	f.Fuzz(func(t *testing.T, tier int, text string) {
		if tier < 0 || tier >= int(tiers) {
			t.Skip()
		}
		rows, err := readRows(strings.NewReader(text), Tier(tier))
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeInvalid {
				t.Fatalf("error is %v", err)
			}
			return
		}
		for _, row := range rows {
			if !Tier(tier).accepts(row.code) || row.name == "" || row.line < 2 || row.line > strings.Count(text, "\n")+1 {
				t.Fatalf("row %+v", row)
			}
		}
	})
}
