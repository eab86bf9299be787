package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"simpul"
)

// nikCheck answers whether a NIK belongs to a citizen. The NIK comes in a body,
// for an address ends up in logs.
type nikCheck struct{ citizens Citizens }

// maxNIKBody is the largest body of the check, in bytes; {"nik":"…"} takes 26.
const maxNIKBody = 1024

// nikAnswer is a citizen as the provider shows one: the NIK masked, for the
// caller has it already.
type nikAnswer struct {
	NIK               string `json:"nik"`
	Nama              string `json:"nama"`
	JenisKelamin      Sex    `json:"jenis_kelamin"`
	TanggalLahir      string `json:"tanggal_lahir"`
	KodeWilayahTerbit string `json:"kode_wilayah_terbit"`
	Sintetis          bool   `json:"sintetis"`
}

func (n nikCheck) answer(header http.Header, r *http.Request) (any, *problem) {
	header.Set("Cache-Control", "no-store")
	if _, p := parameters(r.URL.RawQuery); p != nil {
		return nil, p
	}
	nik, p := readNIK(r)
	if p != nil {
		return nil, p
	}
	citizen, ok := n.citizens.Find(nik)
	if !ok {
		return nil, notFound("nik", "NIK ini tidak ada dalam data penduduk sintetis.")
	}
	return nikAnswer{
		NIK:               citizen.NIK.String(),
		Nama:              citizen.Name,
		JenisKelamin:      citizen.Sex,
		TanggalLahir:      citizen.Born.Format(time.DateOnly),
		KodeWilayahTerbit: citizen.Issued(),
		Sintetis:          true,
	}, nil
}

func readNIK(r *http.Request) (simpul.NIK, *problem) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return "", newProblem(http.StatusUnsupportedMediaType, "Jenis isi tidak didukung", "", "Kirim isi dengan Content-Type: application/json.")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxNIKBody+1))
	if err != nil {
		return "", badRequest("", "Isi permintaan terputus.")
	}
	if len(body) > maxNIKBody {
		return "", newProblem(http.StatusRequestEntityTooLarge, "Isi terlalu besar", "", "Isi permintaan paling besar 1024 bita.")
	}
	return parseNIKBody(body)
}

// parseNIKBody reads {"nik":"16 digits"} and nothing more.
func parseNIKBody(body []byte) (simpul.NIK, *problem) {
	var request struct {
		NIK *string `json:"nik"`
	}
	if err := decodeStrictly(body, &request); err != nil || request.NIK == nil {
		return "", badRequest("nik", `Isi permintaan harus berbentuk {"nik":"16 angka"}.`)
	}
	nik, err := simpul.ParseNIK(*request.NIK)
	if invalid, ok := errors.AsType[*simpul.Error](err); ok {
		return "", badRequest("nik", invalid.Message.ID+" "+invalid.Remedy.ID)
	}
	return nik, nil
}

// decodeStrictly refuses unknown members and anything after the value.
func decodeStrictly(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the value")
	}
	return nil
}
