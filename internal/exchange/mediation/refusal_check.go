package mediation

import (
	"fmt"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
)

// violated tells a consumer what of its call the contract does not say. It names
// places and what is expected there, never what was sent.
func violated(found []conform.Fault) error {
	faults := make([]simpul.Fault, len(found))
	for i, f := range found {
		faults[i] = simpul.Fault{Place: f.Place, Message: expectation(f)}
	}
	message := faults[0].Message
	if n := len(found); n > 1 {
		message = simpul.Text{
			ID: fmt.Sprintf("Permintaan ini tidak sesuai kontrak di %d tempat. Yang pertama: %s", n, message.ID),
			EN: fmt.Sprintf("The request does not meet the contract in %d places. The first: %s", n, message.EN)}
	}
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: found[0].Place, Message: message, Faults: faults,
		Remedy: simpul.Text{
			ID: "Perbaiki bagian yang disebut menurut kontrak LID di katalog, lalu kirim lagi. Penyedia belum dipanggil.",
			EN: "Mend the parts that are named according to the LID's contract in the catalogue, then send it again. The provider was not called."},
	}
}

func expectation(f conform.Fault) simpul.Text {
	return simpul.Text{
		ID: f.Place + ": seharusnya " + f.Expected.ID + ".",
		EN: f.Place + ": expected " + f.Expected.EN + "."}
}

func tooLargeToCheck() error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "body",
		Message: simpul.Text{
			ID: fmt.Sprintf("Isi permintaan lebih besar dari %d MiB, sehingga tidak dapat diperiksa terhadap kontrak, dan LID ini mewajibkan pemeriksaan.", maxChecked>>20),
			EN: fmt.Sprintf("The request body is larger than %d MiB, so that it cannot be checked against the contract, and this LID requires the check.", maxChecked>>20)},
		Remedy: simpul.Text{
			ID: "Kirim isi yang lebih kecil, atau bagi menjadi beberapa panggilan.",
			EN: "Send a smaller body, or split it into several calls."},
	}
}

func answerTooLarge(provider simpul.AgencyID) error {
	return unfit(provider,
		simpul.Text{
			ID: fmt.Sprintf("Jawaban penyedia lebih besar dari %d MiB, sehingga tidak dapat diperiksa terhadap kontrak, dan LID ini mewajibkan pemeriksaan.", maxChecked>>20),
			EN: fmt.Sprintf("The provider's answer is larger than %d MiB, so that it cannot be checked against the contract, and this LID requires the check.", maxChecked>>20)},
		simpul.Text{
			ID: "Minta data dalam bagian yang lebih kecil, misalnya dengan parameter halaman. Penyedia dapat membatasi banyaknya baris, atau mengubah pemeriksaan menjadi pengamatan.",
			EN: "Ask for the data in smaller parts, such as by a parameter for pages. The provider can limit the rows, or turn the check into observation."})
}

func unlikeContract(provider simpul.AgencyID, found []conform.Fault) error {
	f := found[0]
	return unfit(provider,
		simpul.Text{
			ID: "Jawaban penyedia tidak sesuai kontraknya, sehingga tidak diteruskan. Di " + f.Place + " seharusnya " + f.Expected.ID + ".",
			EN: "The provider's answer does not meet its contract, so that it was not passed on. At " + f.Place + " the contract expects " + f.Expected.EN + "."},
		simpul.Text{
			ID: "Permintaan Anda tidak salah. Sampaikan nomor pertukaran ini kepada penyedia, yang melihat pelanggarannya di halaman LID.",
			EN: "Your request is not wrong. Give this exchange's number to the provider, who sees the violation on the page of the LID."})
}

// Deliverable tells a provider why the hub cannot deliver a LID as it declares.
func Deliverable(d simpul.Delivery, document []byte, contracts *conform.Contracts) error {
	if _, err := newChecks(&d, document, contracts); err != nil {
		e := simpul.Invalid("spec.delivery.checks",
			simpul.Text{ID: "Skema di kontrak ini tidak dapat dipakai untuk memeriksa: " + err.Error() + ".", EN: "The schemas of this contract cannot be used for checks: " + err.Error() + "."},
			simpul.Text{ID: "Perbaiki skema itu menurut JSON Schema 2020-12, atau matikan pemeriksaannya. Uji kelaikan menunjukkan letaknya.", EN: "Mend the schema according to JSON Schema 2020-12, or turn the checks off. The feasibility test shows where it is."})
		e.Err = err
		return e
	}
	return nil
}

func notCompiled() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "LID ini mewajibkan pemeriksaan terhadap kontrak, tetapi hub tidak dapat memakai skema di kontraknya.", EN: "This LID requires checks against its contract, but the hub cannot use the schemas of the contract."},
		Remedy:  simpul.Text{ID: "Penyedia perlu memperbaiki skema kontraknya, atau mematikan pemeriksaan. Uji kelaikan menunjukkan skema mana.", EN: "The provider has to mend the schemas of the contract, or turn the checks off. The feasibility test shows which schema."},
	}
}
