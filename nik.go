package simpul

import (
	"fmt"
	"log/slog"
	"strings"
)

// NIK is a citizen's identity number (Nomor Induk Kependudukan), 16 digits:
// the region where it was issued (6), date of birth DDMMYY with 40 added to the
// day for women (6), serial number (4). It is personal data: it prints masked,
// and a region code in it never tells where somebody lives.
type NIK string

// ParseNIK checks the length, the digits and that the date can exist. The
// region is not checked: codes change and old ones stay valid.
func ParseNIK(s string) (NIK, error) {
	if len(s) == 16 && strings.Trim(s, "0123456789") == "" && plausibleBirth(s[6:12]) && s[12:] != "0000" {
		return NIK(s), nil
	}
	return "", Invalid("nik",
		Text{"NIK tidak sah.", "The NIK is not valid."},
		Text{"NIK terdiri atas 16 angka; periksa tanggal lahir pada angka ke-7 sampai ke-12.", "A NIK has 16 digits; check the date of birth in digits 7 to 12."})
}

func plausibleBirth(ddmmyy string) bool {
	day := int(ddmmyy[0]-'0')*10 + int(ddmmyy[1]-'0')
	month := int(ddmmyy[2]-'0')*10 + int(ddmmyy[3]-'0')
	if day > 40 {
		day -= 40
	}
	if month < 1 || month > 12 {
		return false
	}
	longest := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day >= 1 && day <= longest[month-1]
}

// String masks all but the first two and the last two digits.
func (n NIK) String() string {
	if len(n) != 16 {
		return "************"
	}
	return string(n[:2]) + "************" + string(n[14:])
}

// Format masks the number under every verb, also those that pass String by,
// such as %#v and %d.
func (n NIK) Format(f fmt.State, verb rune) { fmt.Fprintf(f, fmt.FormatString(f, verb), n.String()) }

// LogValue masks the number in logs.
func (n NIK) LogValue() slog.Value { return slog.StringValue(n.String()) }
