"""Models in folders: real tiny ones where the packages are installed, and what is told where they are not."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from journey_mining.errors import SettingsError
from journey_mining.voice import engine_named, voice_marks
from journey_mining.voice.model_folders import outputs_of

WORDS = ["[UNK]", "плохо", "bad", "good", "хорошо", "хуже", "some", "words"]
TEXTS = ["плохо", "good", "bad some words", "some words", "", None]


def configured(folder, names):
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"id2label": {str(n): name for n, name in enumerate(names)}}))
    return folder


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["negative", "neutral", "positive"], (0, 1, 2)),
        (["POSITIVE", "NEGATIVE"], (2, 0)),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], (0, 0, 1, 2, 2)),
    ],
)
def test_outputs_are_known_by_their_names(tmp_path, names, places):
    assert outputs_of(configured(tmp_path, names)) == places


@pytest.mark.parametrize("names", [["LABEL_0", "LABEL_1"], ["negative", "joy"], ["neutral"]])
def test_labels_that_tell_nothing_are_refused(tmp_path, names):
    with pytest.raises(SettingsError, match="id2label"):
        outputs_of(configured(tmp_path, names))


@pytest.mark.parametrize(
    ("engine", "package"), [("onnx:m", "onnxruntime"), ("hf:m", "transformers"), ("vader", "vaderSentiment")]
)
def test_a_package_that_is_not_there_is_named_with_its_extra(tmp_path, monkeypatch, engine, package):
    for name in [name for name in sys.modules if name.split(".")[0] == package] + [package]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SettingsError, match=r"journey-mining\[(onnx|hf|vader)\]"):
        engine_named(engine, root=tmp_path)


def tokenizer_file(folder):
    """A tokenizer of whole words."""
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token=WORDS[0])
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))


def onnx_folder(folder):
    """A model that sums a row of logits for each word."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    configured(folder, ["negative", "neutral", "positive"])
    tokenizer_file(folder)
    table = np.array([[0, 1, 0], [3, 0, 0], [3, 0, 0], [0, 0, 3], [0, 0, 3], [2, 0, 0], [0, 1, 0], [0, 1, 0]])
    helper, kinds = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceSum", ["rows", "axis"], ["logits"], keepdims=0),
        ],
        "words",
        [helper.make_tensor_value_info("input_ids", kinds.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("logits", kinds.FLOAT, ["texts", 3])],
        [
            onnx.numpy_helper.from_array(table.astype(np.float32), "table"),
            onnx.numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    return folder


def hf_folder(folder):
    """An untrained BERT of a few numbers."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS[1:]]))
    names = {0: "positive", 1: "neutral", 2: "negative"}
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=12,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        id2label=names,
        label2id={name: place for place, name in names.items()},
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    vocabulary = {line: n for n, line in enumerate((folder / "vocab.txt").read_text().split("\n"))}
    transformers.BertTokenizer(vocab=vocabulary).save_pretrained(folder)
    return folder


def test_an_onnx_model_scores_from_its_folder_or_its_file(tmp_path):
    onnx_folder(tmp_path / "m")
    engine = engine_named("onnx:m", root=tmp_path)
    batch = engine.score(TEXTS)
    assert batch.labels() == ["negative", "positive", "negative", "neutral", None, None]
    assert batch.probabilities[0, 0] == pytest.approx(np.exp(3) / (np.exp(3) + 2))
    assert engine_named("onnx:m/model.onnx", root=tmp_path).name == engine.name


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(("kind", "made"), [("onnx", onnx_folder), ("hf", hf_folder)])
def test_the_score_of_a_text_does_not_depend_on_its_neighbours(tmp_path, kind, made):
    made(tmp_path / "m")
    engine = engine_named(f"{kind}:m", root=tmp_path)
    whole = engine.score(TEXTS)
    alone = [engine.score([text]).scores()[0] for text in TEXTS]
    assert np.array_equal(whole.scores(), np.array(alone), equal_nan=True)
    assert np.isnan(whole.scores()).tolist() == [False, False, False, False, True, True]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_the_name_of_a_model_changes_with_its_weights(tmp_path):
    onnx_folder(tmp_path / "m")
    before = engine_named("onnx:m", root=tmp_path).name
    (tmp_path / "m" / "config.json").write_text(json.dumps({"id2label": {"0": "neg", "1": "neu", "2": "pos"}}))
    assert engine_named("onnx:m", root=tmp_path).name != before


def test_a_folder_without_a_model_is_told(tmp_path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    with pytest.raises(SettingsError, match="nothing is downloaded"):
        engine_named("onnx:m", root=tmp_path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("kind", "made", "file"),
    [
        ("onnx", onnx_folder, "model.onnx"),
        ("onnx", onnx_folder, "tokenizer.json"),
        ("hf", hf_folder, "model.safetensors"),
        ("hf", hf_folder, "tokenizer.json"),
    ],
)
def test_a_damaged_model_is_told_in_three_parts(tmp_path, kind, made, file):
    made(tmp_path / "m")
    (tmp_path / "m" / file).write_bytes(b"torn")
    with pytest.raises(SettingsError, match="no model that can be read") as told:
        engine_named(f"{kind}:m", root=tmp_path)
    assert told.value.expected
    assert told.value.todo


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_neither_pickles_nor_code_of_a_folder_are_run(tmp_path):
    folder = hf_folder(tmp_path / "m")
    import torch

    (folder / "model.safetensors").unlink()
    torch.save({"weights": _Mine(tmp_path / "was_here")}, folder / "pytorch_model.bin")
    settings = json.loads((folder / "config.json").read_text())
    settings["auto_map"] = {"AutoModelForSequenceClassification": "mine.Model", "AutoConfig": "mine.Config"}
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "mine.py").write_text(f"open({str(tmp_path / 'was_here')!r}, 'w')")
    with pytest.raises(SettingsError, match="no model that can be read"):
        engine_named("hf:m", root=tmp_path)
    assert not (tmp_path / "was_here").exists()


class _Mine:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_vader_scores_english_and_leaves_russian_out():
    pytest.importorskip("vaderSentiment")
    batch = engine_named("vader").score(["This is great, thank you!", "Ужасно", "The invoice of May", "I hate this"])
    assert batch.labels() == ["positive", None, "neutral", "negative"]
    assert batch.flags[1] == "other_language"


def test_files_of_a_model_decide_whether_a_night_scores_again(tmp_path):
    from journey_mining.project import init_project, load_project
    from journey_mining.sources import catalog_dir

    init_project(tmp_path / "p", template="b2b", sources=(), catalog=catalog_dir())
    (tmp_path / "p" / "m" / "1_Pooling").mkdir(parents=True)
    (tmp_path / "p" / "m" / ".cache").mkdir()
    settings = tmp_path / "p" / "journey.toml"
    settings.write_text(settings.read_text("utf-8").replace('"embedded"', '"cascade:onnx:m"'), encoding="utf-8")
    marks = []
    for file in ("model.onnx", "model.onnx.data", "special_tokens_map.json", "1_Pooling/config.json", ".cache/x"):
        (tmp_path / "p" / "m" / file).write_bytes(b"one")
        marks.append(voice_marks(load_project(tmp_path / "p")))
        (tmp_path / "p" / "m" / file).write_bytes(b"two")
        marks.append(voice_marks(load_project(tmp_path / "p")))
    assert [len(mark) for mark in marks] == [1, 1, 2, 2, 3, 3, 4, 4, 4, 4]
    assert len({tuple(mark) for mark in marks}) == 8


def test_the_address_of_a_service_decides_whether_a_night_scores_again(tmp_path):
    from journey_mining.project import init_project, load_project
    from journey_mining.sources import catalog_dir

    init_project(tmp_path / "p", template="b2b", sources=(), catalog=catalog_dir())
    settings = tmp_path / "p" / "journey.toml"
    given = settings.read_text("utf-8").replace('"embedded"', '"cascade:endpoint"')
    marks = []
    for host in ("one", "two"):
        endpoint = f'\n[voice.endpoint]\nurl = "https://{host}.example/v1"\nmodel = "m"\nprice_in = 0\nprice_out = 0\n'
        settings.write_text(given + endpoint, encoding="utf-8")
        marks.append(voice_marks(load_project(tmp_path / "p")))
    assert len(marks[0]) == 1
    assert marks[0] != marks[1]
