"""Train AlexNet and draw what its first layer has learned: ``filters.png``.

The recipe follows the paper (Krizhevsky, Sutskever, Hinton, 2012): SGD with momentum
and weight decay, mirrored images, a learning rate that falls, and a first layer that
starts close to zero, so that what becomes visible there is learned and not the noise
of the initialisation. The later layers start as He et al. (2015) propose, which
trains in far fewer steps than the paper's 90 epochs.

Run ``D2L_SHIM_DATA=folder PYTHONPATH=. python chapters/figures/train_filters.py``;
it takes about ten minutes on one core with bfloat16 matrix instructions
(on a busy machine ``OMP_NUM_THREADS=1`` is the faster choice). Beside the picture it
writes ``filters.json``, the facts that a caption needs. This is not the
chapter's training run: that one uses ``train_ch6`` and plain SGD.
"""

import json
import os
import platform
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import nn
from tqdm import tqdm

from d2l_shim import fashion_mnist
from d2l_shim.image_set import ImageSet
from d2l_shim.resize import resize

FOLDER = Path(__file__).parent
SEED = 2012
EPOCHS = 5
SLOW_EPOCHS = 1  # the last ones, at a tenth of the learning rate
BATCH = 128
SIDE = 224  # pixels
OPTIMISER = {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0005}
FIRST_SIGMA = 0.0005  # standard deviation of the first layer's initial weights

ROWS, COLUMNS = 8, 12
ZOOM = 6  # screen pixels for one weight
FRAME, SPACE = 2, 6  # screen pixels around a filter and between frames


def alexnet() -> nn.Sequential:
    """The chapter's network for (n, 1, 224, 224), with its weights initialised."""
    net = nn.Sequential(
        nn.Conv2d(1, 96, kernel_size=11, stride=4, padding=1), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(96, 256, kernel_size=5, padding=2), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(256, 384, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, kernel_size=3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, kernel_size=3, padding=1), nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2), nn.Flatten(),
        nn.Linear(6400, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 10),
    )  # fmt: skip
    for layer in net:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    nn.init.normal_(net[0].weight, std=FIRST_SIGMA)
    return net.to(memory_format=torch.channels_last)  # faster on a CPU


class Standardiser:
    """Turns stored images into network inputs of mean 0 and standard deviation 1."""

    def __init__(self, images: np.ndarray) -> None:
        self.mean, self.std = images.mean() / 255, images.std() / 255

    def __call__(self, images: np.ndarray) -> torch.Tensor:
        """uint8 (n, 28, 28) -> float32 (n, 1, 224, 224)."""
        scaled = (torch.from_numpy(resize(images, SIDE)) - self.mean) / self.std
        return scaled.unsqueeze(1).contiguous(memory_format=torch.channels_last)


def logits(net: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """A forward pass in bfloat16, the faster format; the result is float32."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return net(x).float()


def mirror_half(images: np.ndarray) -> np.ndarray:
    """Mirror each image (n, 28, 28) left to right with probability 1/2."""
    chosen = torch.rand(len(images)).numpy() < 0.5
    return np.where(chosen[:, None, None], images[:, :, ::-1], images)


def train(net: nn.Module, data: ImageSet, prepare: Standardiser) -> Iterator[float]:
    """Train for EPOCHS epochs; give the mean loss after each."""
    optimiser = torch.optim.SGD(net.parameters(), **OPTIMISER)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, [EPOCHS - SLOW_EPOCHS])
    for _ in range(EPOCHS):
        net.train()
        losses = []
        order = torch.randperm(len(data)).split(BATCH)
        for chosen in (part.numpy() for part in tqdm(order, leave=False)):
            x = prepare(mirror_half(data.images[chosen]))
            y = torch.from_numpy(data.labels[chosen]).long()
            loss = nn.functional.cross_entropy(logits(net, x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        schedule.step()
        yield float(np.mean(losses))


@torch.no_grad()
def accuracy(net: nn.Module, data: ImageSet, prepare: Standardiser) -> float:
    """The fraction of images that are classified correctly."""
    net.eval()
    correct = 0
    for start in range(0, len(data), BATCH):
        part = slice(start, start + BATCH)
        guesses = logits(net, prepare(data.images[part])).argmax(dim=1).numpy()
        correct += int((guesses == data.labels[part]).sum())
    return correct / len(data)


def picture(filters: np.ndarray) -> Image.Image:
    """Draw (96, 11, 11) weights, each filter on its own scale, in a thin grey frame.

    Mid-grey is 0, white the largest absolute value, black its negative. Between the
    frames the picture is transparent, so it stands on a light or a dark page.
    """
    tiles = [tile(weights) for weights in filters]
    step = tiles[0].width + SPACE
    sheet = Image.new("LA", (COLUMNS * step - SPACE, ROWS * step - SPACE))
    for index, drawn in enumerate(tiles):
        row, column = divmod(index, COLUMNS)
        sheet.paste(drawn, (column * step, row * step))
    return sheet


def tile(weights: np.ndarray) -> Image.Image:
    """Draw one filter, a square of ZOOM × ZOOM pixels for each weight."""
    grey = np.rint(127.5 + 127.5 * weights / np.abs(weights).max()).astype(np.uint8)
    drawn = Image.fromarray(np.kron(grey, np.ones((ZOOM, ZOOM), dtype=np.uint8)))
    return ImageOps.expand(drawn, FRAME, fill=128).convert("LA")


def processor() -> str:
    """The processor's name, as Linux or else Python knows it."""
    cpuinfo = Path("/proc/cpuinfo")
    known = cpuinfo.read_text(encoding="utf-8") if cpuinfo.exists() else ""
    name = re.search(r"^model name\s*: (.*)$", known, re.MULTILINE)
    return name[1] if name else platform.processor()


def facts(data: tuple[ImageSet, ImageSet], losses: list[float]) -> dict:
    """What was done, for the caption and for whoever wants to do it again."""
    train_set, test_set = data
    return {
        "data": "Fashion-MNIST",
        "training_images": len(train_set),
        "test_images": len(test_set),
        "epochs": EPOCHS,
        "steps": EPOCHS * -(-len(train_set) // BATCH),
        "batch_size": BATCH,
        "seed": SEED,
        "optimiser": {"name": "SGD", **OPTIMISER},
        "learning_rate_divided_by_10_after_epoch": EPOCHS - SLOW_EPOCHS,
        "initialisation": f"first layer N(0, {FIRST_SIGMA}²), others He normal, bias 0",
        "augmentation": "mirrored with probability 0.5",
        "precision": "bfloat16 autocast, float32 weights",
        "loss_per_epoch": [round(loss, 4) for loss in losses],
        "torch": torch.__version__,
        "python": platform.python_version(),
        "processor": processor(),
        "threads": torch.get_num_threads(),
        "date": date.today().isoformat(),
    }


def replace(path: Path, content: bytes) -> None:
    """Write a file that is either the old one or the whole new one."""
    draft = path.with_suffix(".tmp")
    draft.write_bytes(content)
    os.replace(draft, path)


def main() -> None:
    """Train, then write the picture and its facts."""
    torch.manual_seed(SEED)
    train_set, test_set, _ = fashion_mnist.load()
    prepare = Standardiser(train_set.images)
    net, losses, start = alexnet(), [], perf_counter()
    for loss in train(net, train_set, prepare):
        losses.append(loss)
        print(f"epoch {len(losses)}/{EPOCHS}: loss {loss:.4f}", flush=True)
    record = facts((train_set, test_set), losses)
    record["seconds"] = round(perf_counter() - start)
    record["test_accuracy"] = round(accuracy(net, test_set, prepare), 4)
    write(net[0].weight.detach().numpy()[:, 0], record)
    print(json.dumps(record, indent=2, ensure_ascii=False))


def write(filters: np.ndarray, record: dict) -> None:
    """Replace ``filters.png`` and ``filters.json``."""
    png = BytesIO()
    picture(filters).save(png, format="PNG", optimize=True)
    replace(FOLDER / "filters.png", png.getvalue())
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    replace(FOLDER / "filters.json", text.encode())


if __name__ == "__main__":
    main()
