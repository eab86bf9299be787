package feasibility

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// lookAnswers calls what may be called, and holds each answer to the contract.
func lookAnswers(ctx context.Context, t *test, c *Check) {
	if t.unavailable(c) {
		return
	}
	called := 0
	for _, o := range t.ops {
		if called >= mostCalls {
			c.add(Finding{Outcome: Skipped, Place: o.String(), What: sayf("Tidak dipanggil: paling banyak %d operasi diuji.", "Not called: at most %d operations are tested.", mostCalls)})
			continue
		}
		s, ok := t.specimen(c, o)
		if !ok {
			continue
		}
		called++
		a, err := t.send(ctx, s, proven, mostBody)
		if err != nil {
			t.noAnswer(c, o, err)
			continue
		}
		t.answers = append(t.answers, *a)
		t.told.learn(a.value, 0)
		t.judge(c, a)
	}
	if called == 0 && c.Outcome != Fail {
		c.skip(say("Tidak ada operasi yang boleh atau dapat dipanggil. Sebut sandbox, atau beri contoh dan tandai operasi yang tidak mengubah data dengan x-simpul-safe.", "No operation may or can be called. Name a sandbox, or give an example and mark operations that change nothing with x-simpul-safe."))
	}
}

// mostCalls is how many operations a test calls.
const mostCalls = 40

// specimen makes a request for the operation, or says why there is none.
func (t *test) specimen(c *Check, o operation) (specimen, bool) {
	if why, ok := t.callable(o); !ok {
		c.add(Finding{Outcome: Skipped, Place: o.String(), What: why})
		return specimen{}, false
	}
	s, err := t.maker().make(o)
	if err != nil {
		c.add(Finding{Outcome: Skipped, Place: o.String(), What: say("Tidak dipanggil: nilai parameter atau isinya tidak dapat dibuat.", "Not called: a value of its parameters or body cannot be made."),
			Got: err.Error(), Remedy: say("Beri example pada parameter atau isi permintaan itu.", "Give an example for the parameter or body.")})
		return specimen{}, false
	}
	return s, true
}

func (t *test) noAnswer(c *Check, o operation, err error) {
	what := say("Penyedia tidak memberi jawaban yang sah.", "The provider gave no valid answer.")
	if timedOut(err) || simpul.CodeOf(err) == simpul.CodeTimeout {
		what = say("Penyedia tidak menjawab pada waktunya.", "The provider did not answer in time.")
	}
	c.fail(o.String(), what, say("Coba operasi itu langsung di server Anda dan lihat lognya.", "Try the operation directly on your server and look at its log."))
}

// judge holds one answer to what the contract says of it.
func (t *test) judge(c *Check, a *answer) {
	status := strconv.Itoa(a.status)
	place := a.String() + " " + status
	described, at := t.doc.answerOf(a.operation, status)
	switch {
	case described == nil:
		c.add(Finding{Outcome: Fail, Place: place, What: say("Status ini tidak ada dalam kontrak.", "The contract does not have this status."), Expected: t.statuses(a.operation), Got: status,
			Remedy: say("Perbaiki layanan, atau deklarasikan status itu pada responses. Bila contoh parameternya sudah tidak ada datanya, ganti contohnya.", "Mend the service, or declare the status in responses. If there is no data for the example any more, change the example.")})
		return
	case a.status >= 500:
		c.fail(place, say("Layanan gagal menjawab permintaan dari kontraknya sendiri.", "The service fails to answer a request of its own contract."),
			say("Lihat log layanan untuk permintaan itu.", "Look at the service's log for that request."))
		return
	case a.status >= 400 && a.guessed:
		c.warn(place, say("Nilai yang ditebak hub tidak menemukan data, jadi jawaban berhasil belum terlihat.", "A value that the hub guessed found no data, so no successful answer was seen."),
			say("Beri example pada parameternya yang ada datanya.", "Give the parameter an example for which there is data."))
	case a.status >= 400:
		c.warn(place, say("Contoh dari kontrak dijawab dengan kegagalan.", "An example of the contract is answered with a failure."),
			say("Ganti example dengan nilai yang ada datanya.", "Change the example to a value for which there is data."))
	}
	t.judgeBody(c, a, place, described, at)
}

func (t *test) statuses(o operation) string {
	responses, _ := o.node["responses"].(object)
	var all []string
	for status := range responses {
		all = append(all, status)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (t *test) judgeBody(c *Check, a *answer, place string, described object, at string) {
	content, _ := described["content"].(object)
	switch {
	case a.broken != nil:
		c.fail(place, say("Jawaban terputus sebelum selesai.", "The answer broke off before its end."),
			say("Periksa Content-Length dan batas waktu di server dan perantaranya.", "Check Content-Length and the time limits of the server and its proxies."))
		return
	case !a.whole:
		c.add(Finding{Outcome: Fail, Place: place, What: say("Jawaban lebih besar dari 1 MiB, atau tidak pernah selesai.", "The answer is larger than 1 MiB, or never ends."), Expected: "at most 1 MiB",
			Remedy: say("Batasi banyaknya baris dalam satu jawaban, dengan nilai bawaan yang kecil.", "Limit the rows in one answer, by a small default.")})
		return
	case a.method == "HEAD" || len(content) == 0 || len(a.body) == 0 && a.status == 204:
		return
	}
	media, ok := declared(content, a.header.Get("Content-Type"))
	if !ok {
		c.add(Finding{Outcome: Fail, Place: place, What: say("Jenis media jawaban tidak ada dalam kontrak.", "The contract does not have the media type of the answer."),
			Expected: strings.Join(names(content), ", "), Got: mediaOf(a.header.Get("Content-Type")),
			Remedy: say("Kirim Content-Type yang dideklarasikan, atau perbaiki kontraknya.", "Send the Content-Type that is declared, or mend the contract.")})
		return
	}
	if !isJSON(a.header.Get("Content-Type")) {
		return
	}
	if a.notJSON != nil {
		c.add(Finding{Outcome: Fail, Place: place, What: say("Jawaban disebut JSON, tetapi bukan JSON yang sah.", "The answer is called JSON, but is no valid JSON."), Got: notJSON(a.notJSON),
			Remedy: say("Kirim JSON dalam UTF-8, paling dalam 64 tingkat.", "Send JSON in UTF-8, nested at most 64 levels.")})
		return
	}
	pointer, has := t.doc.schemaOf(described, at, media)
	if !has {
		return
	}
	found, err := t.schemas.check(pointer, a.value)
	if err != nil {
		t.uncheckable(c, place, err)
		return
	}
	for _, b := range found {
		c.add(Finding{Outcome: Fail, Place: strings.TrimSpace(place + " " + b.place), What: say("Isi jawaban tidak sesuai skemanya.", "The body does not meet its schema."), Expected: b.expected, Got: b.got,
			Remedy: say("Perbaiki layanan atau skemanya, mana yang keliru.", "Mend the service or the schema, whichever is wrong.")})
	}
}

// uncheckable tells of a schema that is too costly; one that is not valid is
// told by the check of the contract.
func (t *test) uncheckable(c *Check, place string, err error) {
	if errors.Is(err, errTooLong) {
		c.warn(place, say("Skemanya terlalu rumit untuk diperiksa.", "The schema is too complex to be checked."),
			say("Kurangi cabang anyOf dan oneOf yang merujuk dirinya sendiri.", "Have fewer branches of anyOf and oneOf that refer to themselves."))
	}
}

func notJSON(err error) string {
	switch {
	case errors.Is(err, errNested):
		return fmt.Sprintf("more than %d levels", deepest)
	case errors.Is(err, errNotUTF8), errors.Is(err, errTrailing):
		return err.Error()
	}
	return "a syntax error"
}

// declared finds the media type of a contract that covers the one of an answer.
func declared(content object, contentType string) (string, bool) {
	got := mediaOf(contentType)
	kind, _, _ := strings.Cut(got, "/")
	for _, want := range []string{got, kind + "/*", "*/*"} {
		for name := range content {
			if mediaOf(name) == want && got != "" {
				return name, true
			}
		}
	}
	return "", false
}

func names(content object) (all []string) {
	for name := range content {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// mostLearnt bounds what is learnt of answers.
const mostLearnt = 200

// learn notes the first short value of each member of an answer.
func (k known) learn(value any, depth int) {
	switch v := value.(type) {
	case []any:
		if len(v) > 0 && depth < deepestForm {
			k.learn(v[0], depth+1)
		}
	case object:
		for name, member := range v {
			if text := written(member); isScalar(member) && k[name] == "" && len(k) < mostLearnt && plainValue(text) {
				k[name] = text
			} else if depth < deepestForm {
				k.learn(member, depth+1)
			}
		}
	}
}

func isScalar(value any) bool {
	switch value.(type) {
	case []any, object, nil, bool:
		return false
	}
	return true
}

// plainValue reports what may stand in a path; an identity number may not, since
// addresses end up in logs.
func plainValue(s string) bool {
	_, err := simpul.ParseNIK(s)
	return err != nil && s != "" && len(s) <= 64 && plainHeader(s)
}
