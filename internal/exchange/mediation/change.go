package mediation

import (
	"fmt"
	"net/http"
	"strings"

	"simpul"
)

// change makes a successful answer of the service what its contract says. Other
// answers stay: changes speak of what the contract promises.
func change(x *simpul.Exchange, route *simpul.Route, res *http.Response) error {
	plan := planOf(route)
	if plan == nil || plan.Changes == nil {
		return unchangeable(route)
	}
	if res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
		return nil
	}
	dropDescriptions(route, res)
	switch {
	case bodiless(res):
		return nil
	case res.ContentLength == 0:
		return empty(res)
	}
	if err := changeable(x.Provider, res); err != nil {
		return err
	}
	res.Body = plan.Changes.Open(res, x.Provider)
	res.ContentLength = -1
	return nil
}

// changeable refuses an answer that cannot be changed.
func changeable(provider simpul.AgencyID, res *http.Response) error {
	switch res.StatusCode {
	case http.StatusSwitchingProtocols, http.StatusPartialContent, http.StatusIMUsed:
		return notChanged(provider,
			simpul.Text{ID: fmt.Sprintf("Penyedia menjawab %d, bukan jawaban yang utuh, padahal hub harus mengubahnya.", res.StatusCode), EN: fmt.Sprintf("The provider answered %d, which is not a whole answer, but the hub has to change it.", res.StatusCode)})
	}
	if coding := strings.Join(res.Header.Values("Content-Encoding"), ", "); coding != "" && !strings.EqualFold(coding, "identity") {
		return encoded(provider)
	}
	if types := res.Header.Values("Content-Type"); len(types) != 1 || !isJSON(types[0]) {
		return notChanged(provider,
			simpul.Text{ID: "Jawaban penyedia bukan JSON dalam UTF-8, padahal hub harus mengubahnya.", EN: "The provider's answer is not JSON in UTF-8, but the hub has to change it."})
	}
	return nil
}

func notChanged(provider simpul.AgencyID, message simpul.Text) error {
	return unfit(provider, message, simpul.Text{
		ID: "Minta penyedia menjawab dengan JSON yang utuh (200, application/json), atau menghapus perubahan pada LID-nya.",
		EN: "Ask the provider to answer with whole JSON (200, application/json), or to remove the changes of the LID."})
}

// unchangeable is a LID whose changes could not be compiled: its answers are not
// what the contract says, so none is delivered.
func unchangeable(route *simpul.Route) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: route.Owner,
		Message: simpul.Text{ID: "Perubahan jawaban LID ini tidak dapat dijalankan hub.", EN: "The hub cannot carry out the changes of this LID's answers."},
		Remedy:  simpul.Text{ID: "Minta penyedia menyimpan ulang LID ini; hub akan menyebut apa yang salah.", EN: "Ask the provider to store the LID again; the hub will say what is wrong."},
	}
}
