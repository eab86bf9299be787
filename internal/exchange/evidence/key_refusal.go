package evidence

import (
	"errors"
	"fmt"
	"time"

	"simpul"
)

// ErrErased says that the key of a record's personal part was destroyed.
var ErrErased = errors.New("the key of the personal part was destroyed")

// erased does not say that anything is wrong: it is what erasure looks like.
func erased(key string, at time.Time) error {
	day := at.UTC().Format(time.DateOnly)
	return &simpul.Error{
		Code: simpul.CodeGone, Err: ErrErased,
		Message: simpul.Text{
			ID: "Bagian pribadi catatan ini sudah dihapus: kuncinya (" + key + ") dimusnahkan pada " + day + ".",
			EN: "The personal part of this record was erased: its key (" + key + ") was destroyed on " + day + ".",
		},
		Remedy: simpul.Text{
			ID: "Bagian lain catatan tetap dapat dibaca dan dibuktikan: ambil buktinya tanpa bagian pribadi. Siapa orangnya tidak dapat dipulihkan oleh siapa pun.",
			EN: "The rest of the record can still be read and proved: get the proof without the personal part. Who the person was can be restored by nobody.",
		},
	}
}

func unknownKey(key string) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Kunci bagian pribadi catatan ini (" + key + ") tidak ada pada hub ini.", EN: "This hub does not have the key of the record's personal part (" + key + ")."},
		Remedy:  simpul.Text{ID: "Periksa apakah basis data ini yang dipakai ketika catatan dibuat, atau pulihkan cadangannya.", EN: "Check that this is the database with which the record was made, or restore its backup."},
	}
}

func unopenable(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInternal, Err: cause,
		Message: simpul.Text{ID: "Bagian pribadi catatan ini tidak dapat dibuka: isinya berubah atau milik catatan lain.", EN: "The personal part of this record cannot be opened: it was altered, or belongs to another record."},
		Remedy:  simpul.Text{ID: "Periksa keutuhan jurnal bukti, dan laporkan kepada petugas keamanan.", EN: "Check that the evidence journal is intact, and report it to the security officer."},
	}
}

func noKey() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Kunci untuk menyegel catatan belum ada, maka pertukaran tidak dilayani.", EN: "There is no key to seal the record with, so the exchange is not served."},
		Remedy:  simpul.Text{ID: "Operator hub: periksa basis data dan berkas kunci, lalu mulai ulang simpul.", EN: "The hub's operator: check the database and the key file, then restart simpul."},
	}
}

// unmade says that a key that is needed now could not be made: as soon as the database
// answers, it is.
func unmade(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Retry: retryAfter, Err: cause,
		Message: simpul.Text{ID: "Kunci untuk menyegel catatan bulan ini belum dapat dibuat, maka pertukaran tidak dilayani.", EN: "The key to seal this month's records with could not be made yet, so the exchange is not served."},
		Remedy:  simpul.Text{ID: "Operator hub: periksa basis data. Begitu basis data menjawab, kunci dibuat sendiri.", EN: "The hub's operator: check the database. Once it answers, the key is made by itself."},
	}
}

// clockBehind says that the exchange claims a month that the hub has behind it. Sealed
// with that month's key, what is personal would be erased too early; with any other, too late.
func clockBehind(month int) error {
	name := startOf(month).Format("2006-01")
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: fmt.Errorf("the month %s has no key and gets none", name),
		Message: simpul.Text{ID: "Jam mesin hub menunjuk " + name + ", bulan yang sudah lewat bagi hub ini, maka pertukaran data pribadi tidak dilayani.", EN: "The clock of the hub's machine says " + name + ", a month that this hub has behind it, so no exchange of personal data is served."},
		Remedy:  simpul.Text{ID: "Operator hub: betulkan jam mesin (misalnya dengan chrony). Hub melanjutkan sendiri.", EN: "The hub's operator: set the machine's clock right (such as with chrony). The hub goes on by itself."},
	}
}

func notOverYet(key string) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Kunci " + key + " masih dipakai: bulannya belum lewat.", EN: "Key " + key + " is still in use: its month is not over."},
		Remedy:  simpul.Text{ID: "Tunggu sampai bulan berikutnya, lalu ajukan lagi.", EN: "Wait for the next month, and propose again."},
	}
}

func destroyedAlready(key string) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Kunci " + key + " sudah dimusnahkan.", EN: "Key " + key + " is destroyed already."},
		Remedy:  simpul.Text{ID: "Tidak ada yang perlu dilakukan.", EN: "There is nothing to do."},
	}
}
