package onboarding

import (
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"simpul"
)

// Form is what people write in an appointment.
type Form struct {
	Agency       string     `json:"agency" maxLength:"253" doc:"Domain of the agency" example:"bandungkota.go.id"`
	Name         string     `json:"name" maxLength:"200" doc:"Official name"`
	Level        string     `json:"level" enum:",nasional,provinsi,kabupaten,kota" doc:"Level of government"`
	Region       string     `json:"region,omitempty" maxLength:"5" doc:"Kemendagri code; none for a national agency"`
	LetterNumber string     `json:"letterNumber" maxLength:"100" doc:"Number of the letter of appointment"`
	LetterDate   string     `json:"letterDate" maxLength:"10" doc:"Its date, ISO 8601"`
	Team         []Person   `json:"team" maxItems:"10" doc:"The PIC team; the first leads it and becomes the first administrator"`
	Purpose      string     `json:"purpose" maxLength:"2000" doc:"What the agency joins for"`
	Addresses    []string   `json:"addresses,omitempty" maxItems:"200" doc:"Addresses and CIDR networks from which its applications call"`
	Documents    []Document `json:"documents,omitempty" maxItems:"10" readOnly:"true" doc:"Files beside the form"`
}

// Person is one of the PIC team.
type Person struct {
	Name     string `json:"name" maxLength:"200"`
	Position string `json:"position" maxLength:"200"`
	Email    string `json:"email" maxLength:"254"`
	Phone    string `json:"phone" maxLength:"30"`
	Tasks    string `json:"tasks" maxLength:"500"`
}

// mostPeople bounds a team.
const mostPeople = 10

// longest bounds every text, in bytes.
const longest = 2000

// Faults are what must be mended, by field: "agency", or "team.1.email".
type Faults map[string]simpul.Text

// add notes the first fault of a field.
func (f Faults) add(field string, id, en string) {
	if _, known := f[field]; !known {
		f[field] = simpul.Text{ID: id, EN: en}
	}
}

// Check finds everything that keeps a form from being submitted.
func (f Form) Check(now time.Time) Faults {
	faults := Faults{}
	f.checkAgency(faults)
	f.checkLetter(faults, now)
	f.checkTeam(faults)
	if len(strings.TrimSpace(f.Purpose)) < 10 {
		faults.add("purpose", "Jelaskan tujuan dalam satu atau dua kalimat.", "Explain the purpose in a sentence or two.")
	}
	for i, address := range f.Addresses {
		if !isNetwork(address) {
			faults.add("addresses", fmt.Sprintf("Baris %d bukan alamat IP atau jaringan CIDR.", i+1), fmt.Sprintf("Line %d is not an IP address or CIDR network.", i+1))
		}
	}
	if len(f.Documents) == 0 {
		faults.add("documents", "Unggah surat penunjukan sebagai PDF.", "Upload the letter of appointment as a PDF.")
	}
	if f.tooLong() {
		faults.add("purpose", "Ada isian yang terlalu panjang.", "A text is too long.")
	}
	return faults
}

var regionCode = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2})?$`)

func (f Form) checkAgency(faults Faults) {
	if _, err := simpul.ParseAgencyID(f.Agency); err != nil {
		faults.add("agency", "Tulis domain instansi dengan huruf kecil, misalnya bandungkota.go.id.", "Write the agency's domain in lower case, such as bandungkota.go.id.")
	}
	if n := len(strings.TrimSpace(f.Name)); n < 2 || n > 200 {
		faults.add("name", "Tulis nama resmi instansi.", "Write the agency's official name.")
	}
	switch f.Level {
	case "nasional":
		if f.Region != "" {
			faults.add("region", "Instansi nasional tidak memakai kode wilayah; kosongkan.", "A national agency has no region code; leave it empty.")
		}
	case "provinsi", "kabupaten", "kota":
		if !regionCode.MatchString(f.Region) {
			faults.add("region", "Tulis kode wilayah Kemendagri, misalnya 32 atau 32.73.", "Write the Kemendagri region code, such as 32 or 32.73.")
		}
	default:
		faults.add("level", "Pilih tingkat pemerintahan.", "Choose the level of government.")
	}
}

func (f Form) checkLetter(faults Faults, now time.Time) {
	if strings.TrimSpace(f.LetterNumber) == "" {
		faults.add("letterNumber", "Tulis nomor surat penunjukan.", "Write the number of the letter of appointment.")
	}
	if date, err := time.Parse(time.DateOnly, f.LetterDate); err != nil || date.After(now.Add(24*time.Hour)) {
		faults.add("letterDate", "Tulis tanggal surat, paling lambat hari ini.", "Write the date of the letter, today at the latest.")
	}
}

func (f Form) checkTeam(faults Faults) {
	if len(f.Team) == 0 || len(f.Team) > mostPeople {
		faults.add("team", fmt.Sprintf("Tulis satu sampai %d orang.", mostPeople), fmt.Sprintf("Write one to %d people.", mostPeople))
	}
	for i, person := range f.Team {
		at := func(field string) string { return fmt.Sprintf("team.%d.%s", i+1, field) }
		if strings.TrimSpace(person.Name) == "" {
			faults.add(at("name"), "Tulis nama lengkap.", "Write the full name.")
		}
		if strings.TrimSpace(person.Position) == "" {
			faults.add(at("position"), "Tulis jabatan.", "Write the position.")
		}
		if !isEmail(person.Email) {
			faults.add(at("email"), "Tulis alamat surel kedinasan.", "Write an official e-mail address.")
		}
		if !isPhone(person.Phone) {
			faults.add(at("phone"), "Tulis nomor telepon, misalnya +62 812 3456 7890.", "Write a telephone number, such as +62 812 3456 7890.")
		}
		if strings.TrimSpace(person.Tasks) == "" {
			faults.add(at("tasks"), "Tulis tugas dalam tim.", "Write the tasks in the team.")
		}
	}
}

func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= 254
}

func isPhone(text string) bool {
	digits := 0
	for i, r := range text {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r == ' ' || r == '-' || r == '+' && i == 0:
		default:
			return false
		}
	}
	return digits >= 7 && digits <= 15 // ITU-T E.164
}

func isNetwork(text string) bool {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix == prefix.Masked() && !prefix.Addr().Is4In6()
	}
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Zone() == "" && !addr.Is4In6()
}

// tooLong reports whether a text is longer than any may be.
func (f Form) tooLong() bool {
	texts := []string{f.Agency, f.Name, f.Level, f.Region, f.LetterNumber, f.LetterDate, f.Purpose}
	for _, p := range f.Team {
		texts = append(texts, p.Name, p.Position, p.Email, p.Phone, p.Tasks)
	}
	for _, text := range append(texts, f.Addresses...) {
		if len(text) > longest {
			return true
		}
	}
	return len(f.Addresses) > 200 || len(f.Team) > mostPeople || len(f.Documents) > mostDocuments
}

// Lead is the account that the first of the team gets: the name before the at
// sign of the e-mail address where it can be one, within the agency.
func (f Form) Lead() (simpul.AccountID, Person, bool) {
	if len(f.Team) == 0 {
		return "", Person{}, false
	}
	local, _, _ := strings.Cut(f.Team[0].Email, "@")
	account, err := simpul.ParseAccountID(local + "@" + f.Agency)
	if err != nil {
		account, err = simpul.ParseAccountID("pic@" + f.Agency)
	}
	return account, f.Team[0], err == nil
}
