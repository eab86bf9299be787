package notice

import (
	"slices"
	"strings"

	"simpul"
)

// Way is how a person hears of something. The inbox has it in any case.
type Way string

// The ways.
const (
	ByEmail  Way = "email"  // at once
	ByDigest Way = "digest" // one letter a day
	InInbox  Way = "inbox"  // no letter
)

// Subject is a group of topics about which a person decides at once.
type Subject struct {
	ID      string
	Title   simpul.Text
	Hint    simpul.Text
	Default Way
	nouns   []string
}

// Subjects returns all groups, in the order in which people decide on them. The
// last takes every topic that no other names.
func Subjects() []Subject {
	return []Subject{
		{"security", simpul.Text{ID: "Akun dan keamanan", EN: "Account and security"},
			simpul.Text{ID: "Masuk dari perangkat baru, peran berubah, akses darurat.", EN: "Sign-in on a new device, changed roles, emergency access."},
			ByEmail, []string{"account", "session", "emergency"}},
		{"approval", simpul.Text{ID: "Menunggu persetujuan Anda", EN: "Waiting for your approval"},
			simpul.Text{ID: "Perubahan yang memerlukan orang kedua.", EN: "Changes that need a second person."},
			ByEmail, []string{"proposal"}},
		{"incident", simpul.Text{ID: "Insiden data pribadi", EN: "Incidents of personal data"},
			simpul.Text{ID: "Insiden yang dicatat, dan tenggat pemberitahuannya (3 × 24 jam).", EN: "Incidents that are recorded, and the term of their notice (3 × 24 hours)."},
			ByEmail, []string{"incident"}},
		{"key", simpul.Text{ID: "Kunci dan sertifikat", EN: "Keys and certificates"},
			simpul.Text{ID: "Kunci yang akan berakhir, dibuat, atau dicabut.", EN: "Keys that expire, are made or revoked."},
			ByEmail, []string{"key"}},
		{"agency", simpul.Text{ID: "Instansi dan pendaftaran", EN: "Agencies and onboarding"},
			simpul.Text{ID: "Pendaftaran instansi, persetujuan operasional, pembekuan.", EN: "Onboarding of agencies, operational approval, suspension."},
			ByEmail, []string{"agency", "onboarding"}},
		{"grant", simpul.Text{ID: "Izin", EN: "Grants"},
			simpul.Text{ID: "Permohonan izin, izin yang diberikan, diubah, atau berakhir.", EN: "Requests for access; grants that are given, changed or expire."},
			ByDigest, []string{"grant"}},
		{"lid", simpul.Text{ID: "Layanan data (LID)", EN: "Data services (LID)"},
			simpul.Text{ID: "LID yang terbit, berubah, atau dihentikan.", EN: "LIDs that are published, changed or withdrawn."},
			ByDigest, []string{"lid"}},
		{"other", simpul.Text{ID: "Lainnya", EN: "Anything else"}, simpul.Text{}, ByDigest, nil},
	}
}

// SubjectOf returns the group of a topic, such as "key.expiring".
func SubjectOf(topic string) Subject {
	noun, _, _ := strings.Cut(topic, ".")
	all := Subjects()
	i := slices.IndexFunc(all, func(s Subject) bool { return slices.Contains(s.nouns, noun) })
	if i < 0 {
		i = len(all) - 1
	}
	return all[i]
}
