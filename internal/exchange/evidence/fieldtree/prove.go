package fieldtree

import (
	"crypto/sha256"
	"encoding/json"
	"slices"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

// recorded is what a field's proof needs of the record.
type recorded struct {
	proof.Statement
	FieldKey string `json:"field_key"`
}

// Prove reduces the proof of an exchange to one that also shows one field of its
// answer, and nothing of what stood sealed in the record. whole must hold that
// part, opened, and body must be the answer as the consumer got it.
func Prove(whole proof.Bundle, body []byte, pointer string) (proof.Bundle, error) {
	var r, personal recorded
	if err := json.Unmarshal(whole.Record, &r); err != nil {
		return proof.Bundle{}, broken(err)
	}
	if r.FieldKey != "" {
		return proof.Bundle{}, tellsAll()
	}
	if r.FieldRoot == "" {
		return proof.Bundle{}, noFields()
	}
	if whole.Personal == "" || json.Unmarshal([]byte(whole.Personal), &personal) != nil {
		return proof.Bundle{}, noKey()
	}
	key, err := keyText.DecodeString(personal.FieldKey)
	if err != nil || len(key) != keyBytes {
		return proof.Bundle{}, noKey()
	}
	switch r.Response(sha256.Sum256(body), whole.Personal) {
	case proof.Same:
	case proof.Unkeyed:
		return proof.Bundle{}, noKey()
	default:
		return proof.Bundle{}, otherBody()
	}
	field, err := fieldOf(body, key, pointer)
	if err != nil {
		return proof.Bundle{}, err
	}
	if err := field.Verify(r.FieldRoot); err != nil {
		return proof.Bundle{}, err
	}
	whole.Personal, whole.Field = "", &field
	return whole, nil
}

// fieldOf finds the field and the way from it to the root.
func fieldOf(body, key []byte, pointer string) (f proof.FieldProof, err error) {
	var leaves []node
	var scratch []byte
	made := newSalts(key)
	f.Pointer = pointer
	err = newWalker().walk(body, func(p, value []byte) {
		salt := made.append(nil, len(leaves))
		var leaf node
		leaf, scratch = leafOf(scratch, p, value, salt)
		if string(p) == pointer {
			f.Value, f.Salt, f.Index = string(value), slices.Clip(salt), uint64(len(leaves))
		}
		leaves = append(leaves, leaf)
	})
	if err != nil {
		return f, broken(err)
	}
	if f.Salt == nil {
		return f, noSuchField(pointer)
	}
	f.Size, f.Path = uint64(len(leaves)), path(int(f.Index), leaves)
	return f, nil
}

func refuse(place, id, en, remedyID, remedyEN string) *simpul.Error {
	return simpul.Invalid(place, simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

func broken(err error) error {
	e := refuse("proof", "Bukti atau jawaban ini tidak terbaca.", "This proof or answer cannot be read.",
		"Ambil lagi buktinya dari hub, dan pakai jawaban persis seperti diterima.", "Fetch the proof from the hub again, and use the answer exactly as it was received.")
	e.Err = err
	return e
}

// tellsAll refuses a record from which every field could be guessed.
func tellsAll() error {
	return refuse("proof", "Catatan ini memuat kunci kolomnya tanpa disegel, sehingga membagikannya membuka kolom lain.", "This record holds its field key unsealed, so that sharing it opens the other fields.",
		"Jangan bagikan catatan ini. Buat pertukaran baru setelah hub menyegel catatannya.", "Do not share this record. Make a new exchange once the hub seals its records.")
}

func noFields() error {
	return refuse("proof", "Kolom jawaban pertukaran ini tidak dapat dibuktikan satu per satu.", "Single fields of this exchange's answer cannot be proved.",
		"Penyedia menyalakannya di halaman Cara hub melayani, untuk pertukaran sesudahnya; batasnya jawaban JSON sampai 32 KiB dan 1.000 kolom.", "The provider turns it on at How the hub delivers, for exchanges after that; it is for JSON answers of up to 32 KiB and 1,000 fields.")
}

func noKey() error {
	return refuse("proof", "Bukti ini tidak memuat bagian tersegel yang sudah dibuka, yang memegang kunci kolom.", "This proof lacks the opened sealed part, which holds the key of the fields.",
		"Ambil lagi buktinya dengan --personal, dengan token pemanfaat atau penyedia pertukaran ini.", "Get the proof again with --personal, with a token of the consumer or the provider of this exchange.")
}

func otherBody() error {
	return refuse("body", "Berkas itu bukan jawaban yang tercatat: sidiknya lain.", "That file is not the recorded answer: its fingerprint is another.",
		"Pakai jawaban bita demi bita seperti diterima, tanpa dirapikan atau disimpan ulang.", "Use the answer byte for byte as it was received, not reformatted and not saved anew.")
}

func noSuchField(pointer string) error {
	return refuse("field", "Tidak ada kolom \""+pointer+"\" di jawaban itu.", "There is no field \""+pointer+"\" in that answer.",
		"Tulis penunjuk RFC 6901 sampai ke satu nilai, misalnya /items/0/nama.", "Write an RFC 6901 pointer down to one value, such as /items/0/nama.")
}
