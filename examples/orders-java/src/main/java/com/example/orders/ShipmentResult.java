package com.example.orders;

/** @param isConfirmed false when the delivery timeout passed without a {@code delivered} signal */
public record ShipmentResult(String trackingNumber, boolean isConfirmed) {}
