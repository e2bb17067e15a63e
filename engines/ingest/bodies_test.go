package ingest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"assay/engines/ingest/door"
	"assay/runner/lab"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// paths are all that read requests, the model among them, by name.
func paths(t testing.TB) map[string]Path {
	t.Helper()
	all := map[string]Path{"model": model{}}
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		p, err := v.New(&lab.Env{})
		if err != nil {
			t.Fatal(err)
		}
		all[v.Name] = p
	}
	return all
}

// decoded reads a body whose length is told truly and copies its records.
func decoded(p Path, kind string, body []byte) ([]string, error) {
	return decodedOf(p, kind, bytes.NewReader(body), int64(len(body)))
}

func decodedOf(p Path, kind string, body io.Reader, length int64) ([]string, error) {
	b, err := p.Decode(kind, body, length)
	if err != nil {
		return nil, err
	}
	defer p.Release(b)
	records := []string{}
	for r := range b.Records {
		records = append(records, string(r))
	}
	total := 0
	for _, r := range records {
		total += len(r)
	}
	if total != b.Bytes() {
		return nil, fmt.Errorf("records of %d bytes in chunks of %d", total, b.Bytes())
	}
	return records, nil
}

func bytesOf(records []string) [][]byte {
	out := make([][]byte, len(records))
	for i, r := range records {
		out[i] = []byte(r)
	}
	return out
}

// TestEveryBodyGivesItsRecordsBack, whatever they hold and however it arrives:
// records that look like boundaries, empty ones, and one byte at a time. Each
// path is used again and again, with what its pool has from before.
func TestEveryBodyGivesItsRecordsBack(t *testing.T) {
	t.Parallel()
	for name, p := range paths(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				records := rapid.SliceOfN(rapid.OneOf(
					rapid.StringN(0, 40, 80),
					rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }),
					rapid.SampledFrom([]string{"", "\r\n", "\r\n--assay-records\r\n", "--assay-records--", "\r\n--assay-records-0--\r\n", strings.Repeat("x", 5000)}),
				), 1, 30).Draw(t, "records")
				prefix := []byte("kept")
				body, kind := p.Encode(prefix, bytesOf(records))
				body, kept := bytes.CutPrefix(body, prefix)
				if !kept {
					t.Fatal("Encode does not append")
				}
				for _, arrives := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader} {
					got, err := decodedOf(p, kind, arrives(bytes.NewReader(body)), int64(len(body)))
					if err != nil || strings.Join(got, "\xff|") != strings.Join(records, "\xff|") {
						t.Fatalf("%q came back as %q (%v)", records, got, err)
					}
				}
			})
		})
	}
}

// TestEveryTruncatedBodyIsRefused cuts at each byte, both where the request
// told its length truly and where it promised more.
func TestEveryTruncatedBodyIsRefused(t *testing.T) {
	t.Parallel()
	records := bytesOf([]string{"alpha", "", "beta", "gamma"})
	for name, p := range paths(t) {
		body, kind := p.Encode(nil, records)
		end := len(body)
		switch name {
		case "model": // a line is whole without its end
			continue
		case "prefixed":
		default:
			end -= len("\r\n") // the final boundary counts without the end of its line
		}
		for n := range end {
			lengths := []int64{int64(len(body))}
			if name != "prefixed" {
				lengths = append(lengths, int64(n)) // which cuts prefixed bodies where a record ends
			}
			for _, length := range lengths {
				if got, err := decodedOf(p, kind, bytes.NewReader(body[:n]), length); err == nil {
					t.Errorf("%s: %d of %d bytes are read as %q", name, n, len(body), got)
				}
			}
		}
		broken := errors.New("the network broke")
		if _, err := decodedOf(p, kind, io.MultiReader(bytes.NewReader(body[:len(body)/2]), iotest.ErrReader(broken)), int64(len(body))); err == nil {
			t.Errorf("%s: a broken connection is read as records", name)
		}
	}
}

// form spells a multipart body out.
func form(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		name, text, _ := strings.Cut(p, "=")
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, text)
	}
	return b.String() + "--b--\r\n"
}

const formType = "multipart/form-data; boundary=b"

// bad is a body and what the door answers to it.
type bad struct {
	kind, body string
	status     int
	reason     string
}

// badSizes are bodies of two parts that do not agree.
func badSizes() []bad {
	thousands := "[" + strings.Repeat("0,", door.MaxRecords) + "0]"
	return []bad{
		{formType, form("sizes=[1,2]", "records=abcd"), 400, "add up to 3 bytes: there are more"},
		{formType, form("sizes=[1,2]", "records=ab"), 400, "add up to 3 bytes, the records end after 2"},
		{formType, form("sizes=[4294967295,4294967295,2]", "records=ab"), 400, "add up to 8589934592 bytes in a body of"},
		{formType, form("sizes=[4294967296]", "records="), 400, "the sizes: json"},
		{formType, form("sizes=[-1]", "records="), 400, "the sizes: json"},
		{formType, form("sizes=[1.5]", "records=a"), 400, "the sizes: json"},
		{formType, form("sizes=[null]", "records="), 400, "more than an array of numbers"},
		{formType, form("sizes=null", "records="), 400, "more than an array of numbers"},
		{formType, form(`sizes={"a":1}`, "records=a"), 400, "the sizes: json"},
		{formType, form("sizes=[1", "records=a"), 400, "the sizes: unexpected end"},
		{formType, form("sizes=[1]1", "records=a"), 400, "the sizes: invalid character"},
		{formType, form("sizes=[]", "records="), 400, "holds no record"},
		{formType, form("records=a", "sizes=[1]"), 400, `part "records" comes where "sizes" should`},
		{formType, form("sizes=[1]"), 400, `ends where the part "records" should begin`},
		{formType, form("sizes=[1]", "other=a"), 400, `part "other" comes where "records" should`},
		{formType, form("sizes=[1]", "records=a", "more=b"), 400, "does not end after its records"},
		{formType, form("sizes="+thousands, "records="), 413, "more than 65536 records"},
		{formType, form("sizes=" + thousands + strings.Repeat(" ", mostText)), 413, "bytes of sizes"},
	}
}

// badForms are what no multipart path takes.
func badForms() []bad {
	return []bad{
		{"application/json", "[]", 415, `of type "application/json", this takes multipart/form-data`},
		{"", "", 415, `of type ""`},
		{"multipart/mixed; boundary=b", form(), 415, "this takes multipart/form-data"},
		{"multipart/form-data", form(), 400, "has no boundary"},
		{"multipart/form-data; boundary=", form(), 415, "this takes"},
		{formType, "no boundary at all", 400, "NextPart"},
		{formType, "", 400, ""},
		{formType, "--b\r\nno header\r\n\r\n", 400, ""},
	}
}

// TestEveryBadBodyIsRefusedWithItsReason is what the door answers, path by path.
func TestEveryBadBodyIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	for names, cases := range map[string][]bad{
		"sized pooled each ready": append(badSizes(), badForms()...),
		"parts": append([]bad{
			{formType, form(), 400, "holds no record"},
			{formType, strings.Repeat("--b\r\n\r\n\r\n", door.MaxRecords+1) + "--b--\r\n", 413, "more than 65536 records"},
		}, badForms()...),
		"prefixed": {
			{"application/json", "[]", 415, "this takes application/x-assay-records"},
			{prefixedType, "", 400, "holds no record"},
			{prefixedType, "\x01\x00\x00", 400, "byte 0: 3 bytes are left, a length has 4"},
			{prefixedType, "\x01\x00\x00\x00a\x02\x00\x00\x00b", 400, "byte 5: a record of 2 bytes, and the body has 1 more"},
			{prefixedType, "\xff\xff\xff\xff", 400, "a record of 4294967295 bytes"},
			{prefixedType, strings.Repeat("\x00", 4*(door.MaxRecords+1)), 413, "more than 65536 records"},
		},
	} {
		for _, name := range strings.Fields(names) {
			p := paths(t)[name]
			for _, c := range cases {
				wantRefused(t, name, p, c.kind, c.body, c.status, c.reason)
			}
			// and after all of them, with whatever they left in the pool:
			body, kind := p.Encode(nil, bytesOf([]string{"good"}))
			if got, err := decoded(p, kind, body); err != nil || len(got) != 1 || got[0] != "good" {
				t.Errorf("%s: after bad bodies a good one is %q (%v)", name, got, err)
			}
		}
	}
}

// wantRefused asks the handler itself, as the server would.
func wantRefused(t *testing.T, name string, p Path, kind, body string, status int, reason string) {
	t.Helper()
	d := newDirect(p, true)
	d.serve(request{body: []byte(body), contentType: kind}) //nolint:errcheck // the status is looked at
	if d.status != status || !bytes.Contains(d.answer, []byte(reason)) || d.taken != 0 {
		t.Errorf("%s: %.60q of type %q: %d %.200q, want %d with %q and nothing taken", name, body, kind, d.status, d.answer, status, reason)
	}
	if d.header.Get("Content-Type") == "" {
		t.Errorf("%s: the reason is of no type", name)
	}
	clear(d.header)
}

// note is on so many bytes.
type note struct {
	length int
	text   string
}

// layouts are the notes on bodies of "alpha", "" and "be\r\n".
func layouts() map[string][]note {
	return map[string][]note{
		"prefixed": {
			{4, "record 0: 5 bytes"},
			{5, "alpha"},
			{4, "record 1: 0 bytes"},
			{4, "record 2: 4 bytes"},
			{4, "be, return, newline"},
		},
		"parts": {
			{17, "boundary"},
			{47, "header"},
			{2, "end of headers"},
			{5, "record 0"},
			{2, "its end"},
			{17, "boundary"},
			{47, "header"},
			{2, "end of headers"},
			{2, "record 1 is empty"},
			{17, "boundary"},
			{47, "header"},
			{2, "end of headers"},
			{4, "record 2"},
			{2, "its end"},
			{19, "final boundary"},
		},
		"sized": {
			{17, "boundary"},
			{46, "header"},
			{2, "end of headers"},
			{7, "the sizes"},
			{2, "their end"},
			{17, "boundary"},
			{48, "header"},
			{2, "end of headers"},
			{9, "the records, end to end"},
			{2, "their end"},
			{19, "final boundary"},
		},
	}
}

// TestBodiesAreTheAnnotatedOnes pins what goes over the wire.
func TestBodiesAreTheAnnotatedOnes(t *testing.T) {
	t.Parallel()
	records := bytesOf([]string{"alpha", "", "be\r\n"})
	for name, notes := range layouts() {
		body, kind := paths(t)[name].Encode(nil, records)
		var text strings.Builder
		fmt.Fprintf(&text, "# a body of type %s\n", kind)
		at := 0
		for _, n := range notes {
			for first := true; first || n.length > 0; first = false {
				k := min(n.length, 16)
				if at+k > len(body) {
					t.Fatalf("%s: %d bytes, the notes are of more", name, len(body))
				}
				line := fmt.Sprintf("%04d  %-47s  %-20q %s", at, fmt.Sprintf("% x", body[at:at+k]), body[at:at+k], map[bool]string{true: n.text}[first])
				text.WriteString(strings.TrimRight(line, " ") + "\n")
				at, n.length = at+k, n.length-k
			}
		}
		if at != len(body) {
			t.Errorf("%s: %d bytes, notes on %d", name, len(body), at)
		}
		path := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != text.String() {
			t.Errorf("%s (%v): run with -update and review. Got:\n%s", path, err, &text)
		}
	}
}

// fuzz feeds bodies to a path that keeps its pool, beside a fresh one: they
// must agree, and what is accepted must come back from the path's own encoding.
func fuzz(f *testing.F, name string, seeds ...string) {
	f.Helper()
	used := paths(f)[name]
	for _, records := range [][]string{{"a"}, {"", "bc", strings.Repeat("d", 100)}} {
		body, kind := used.Encode(nil, bytesOf(records))
		f.Add(kind, body, len(body))
	}
	for _, s := range seeds {
		f.Add(formType, []byte(s), len(s))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte, length int) {
		if length < 0 || length > door.MaxBytes {
			return // refused at the door
		}
		promised := io.LimitReader(bytes.NewReader(body), int64(length)) // as the server hands it on
		got, err := decodedOf(used, kind, promised, int64(length))
		again, err2 := decodedOf(paths(t)[name], kind, io.LimitReader(bytes.NewReader(body), int64(length)), int64(length))
		if (err == nil) != (err2 == nil) || strings.Join(got, "\xff|") != strings.Join(again, "\xff|") {
			t.Fatalf("%q is %q (%v), with a fresh pool %q (%v)", body, got, err, again, err2)
		}
		if err != nil {
			return
		}
		if len(got) == 0 || len(got) > door.MaxRecords {
			t.Fatalf("%q is accepted with %d records", body, len(got))
		}
		whole, kind2 := used.Encode(nil, bytesOf(got))
		back, err := decoded(used, kind2, whole)
		if err != nil || strings.Join(back, "\xff|") != strings.Join(got, "\xff|") {
			t.Fatalf("%q of %q comes back as %q (%v)", got, body, back, err)
		}
	})
}

func FuzzParts(f *testing.F) { fuzz(f, "parts", form("record=a", "record="), "--b\r\n\r\n\r\n--b--") }

func FuzzSized(f *testing.F) {
	fuzz(f, "pooled", form("sizes=[1,0,2]", "records=abc"), form("sizes=[null]", "records="), form("sizes=[4294967295]", "records=a"))
}

func FuzzPrefixed(f *testing.F) { fuzz(f, "prefixed", "\x01\x00\x00\x00a") }

// TestAPromiseOfManyBytesIsNotBelieved: a body that says it is long and is not
// costs no more memory than a first piece.
func TestAPromiseOfManyBytesIsNotBelieved(t *testing.T) {
	t.Parallel()
	p := paths(t)["prefixed"]
	b, err := p.Decode(prefixedType, strings.NewReader("\x00\x00\x00\x00"), door.MaxBytes)
	var refused *door.Refusal
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest || b != nil {
		t.Errorf("%v, %v", b, err)
	}
	if got := p.(path).codec.(prefixed).pool.get(); cap(got.Room) > 2*fresh {
		t.Errorf("room of %d bytes was made for a body of 4", cap(got.Room))
	}
}
